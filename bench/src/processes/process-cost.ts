import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What a process has cost so far, with those that it has started and that run still. */
export interface ProcessCost {
  /** Time on the CPU, user and system, in s. */
  readonly cpuSeconds: number;
  /** Memory they hold now (VmRSS), and the most that each has held (VmHWM), in bytes; pages that they share count for each. */
  readonly residentBytes: number;
  readonly peakBytes: number;
}

/** The most that a process, those that it has started, and theirs held together at one time. */
export interface MemoryWatch {
  /** Ends the watch; gives the most in bytes, each page that several share counted once. */
  end(): number;
}

const watchEveryMs = 250;

/**
 * Watches what a process and its children hold together, every 250 ms: proportional set size, in which a page that several share
 * counts once for all of them. Source: proc(5), smaps_rollup.
 */
export function watchMemory(pid: number): MemoryWatch {
  let peakBytes = readSharedOutBytes(pid);
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, readSharedOutBytes(pid));
  }, watchEveryMs).unref();
  return {
    end() {
      clearInterval(timer);
      return peakBytes;
    },
  };
}

/** Linux counts in hundredths of a second (USER_HZ), whatever the kernel's own tick. */
const ticksPerSecond = 100;

/** Reads what a process and its children have cost from /proc. Throws where there is no such process, or no /proc. Source: proc(5). */
export function readProcessCost(pid: number): ProcessCost {
  const costs = listTree(pid).map(readOne);
  const sum = (of: keyof ProcessCost): number => costs.reduce((total, cost) => total + cost[of], 0);
  return { cpuSeconds: sum('cpuSeconds'), residentBytes: sum('residentBytes'), peakBytes: sum('peakBytes') };
}

/** Lets the peaks begin anew at what the processes hold now. Source: proc(5), clear_refs. */
export function resetPeak(pid: number): void {
  for (const one of listTree(pid)) writeFileSync(`/proc/${one}/clear_refs`, '5');
}

/** Gives a process, those that it has started, and theirs. */
function listTree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter((text) => text !== ''),
  );
  return [pid, ...children.flatMap((child) => listTree(Number(child)))];
}

function readSharedOutBytes(pid: number): number {
  return listTree(pid).reduce((total, one) => {
    const kib = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1];
    return total + Number(kib) * 1_024;
  }, 0);
}

function readOne(pid: number): ProcessCost {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name stands in brackets and may hold blanks: fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const residentKib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  const peakKib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return {
    cpuSeconds: ticks / ticksPerSecond,
    residentBytes: Number(residentKib) * 1_024,
    peakBytes: Number(peakKib) * 1_024,
  };
}
