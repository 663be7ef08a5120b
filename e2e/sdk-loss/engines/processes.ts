import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Gives the ids of the processes below `pid` that bear one of these names, which Linux cuts at 15 characters. */
export function findDescendants(pid: number, names: readonly string[]): number[] {
  const children = new Map<number, { pid: number; name: string }[]>();
  for (const entry of readdirSync('/proc')) {
    const known = /^\d+$/.test(entry) ? readStat(entry) : null;
    if (known === null) continue;
    children.set(known.parent, [...(children.get(known.parent) ?? []), { pid: Number(entry), name: known.name }]);
  }
  const walk = (from: number): { pid: number; name: string }[] =>
    (children.get(from) ?? []).flatMap((child) => [child, ...walk(child.pid)]);
  return walk(pid).flatMap((found) => (names.includes(found.name) ? [found.pid] : []));
}

function readStat(pid: string): { name: string; parent: number } | null {
  try {
    // `pid (name) state parent ...`, where the name may hold anything. Source: proc_pid_stat(5).
    const found = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return found === null ? null : { name: found[1] ?? '', parent: Number(found[2]) };
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}

/** Sends a signal to each process that still lives. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

const ours = new Set<ChildProcess>();

/** Has a child end with this process where nobody comes to end it before: a test run may be cut short. */
export function endWithUs(child: ChildProcess): ChildProcess {
  if (ours.size === 0) process.once('exit', killOurs);
  ours.add(child);
  child.once('exit', () => {
    ours.delete(child);
    if (ours.size === 0) process.off('exit', killOurs);
  });
  return child;
}

function killOurs(): void {
  for (const child of ours) child.kill('SIGKILL');
}

/** Ends a child with SIGTERM, and with SIGKILL after `graceMs`; settles when it is gone. */
export async function endChild(child: ChildProcess, graceMs = 3_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}
