import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** What a process has cost so far. */
export interface ProcessCost {
  /** Time on the CPU, user and system, in s. */
  readonly cpuSeconds: number;
  /** Memory it holds now (VmRSS), and the most it has held at once (VmHWM), in bytes. */
  readonly residentBytes: number;
  readonly peakBytes: number;
}

/** Linux counts in hundredths of a second (USER_HZ), whatever the kernel's own tick. */
const ticksPerSecond = 100;

/** Reads a process's cost from /proc. Throws where there is no such process, or no /proc. Source: proc(5). */
export function readProcessCost(pid: number): ProcessCost {
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

/** Lets the peak begin anew at what the process holds now. Source: proc(5), clear_refs. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Time on the CPU, in s, of a process and of those that it has started and that run still. Source: proc(5). */
export function readTreeCpuSeconds(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter((text) => text !== ''),
  );
  return children.reduce((sum, child) => sum + readTreeCpuSeconds(Number(child)), readProcessCost(pid).cpuSeconds);
}
