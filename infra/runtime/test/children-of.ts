import { readdirSync, readFileSync } from 'node:fs';

/** Gives the processes that a process has started and that are there still and whose command line has `part`. Linux. */
export function childrenOf(pid: number, part = ''): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readText(`/proc/${pid}/task/${task}/children`).split(' '))
    .filter((text) => text !== '')
    .map(Number)
    .filter((child) => readText(`/proc/${child}/cmdline`).includes(part));
}

/** '' where the process has ended meanwhile. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
