import { readFileSync } from 'node:fs';

/** Shares of the cores' time, 0..1, that a measurement did not have. */
export interface Others {
  /** Spent by other processes of this machine. */
  readonly processes01: number;
  /** Kept back by the host, where the machine is a virtual one ("steal"). */
  readonly host01: number;
}

/**
 * Begins to watch what else runs on this machine and its host. The function given tells what others than this process
 * and its children had of the cores; right once those have ended. Source: proc(5).
 */
export function watchOthers(): () => Others {
  const before = readTicks();
  return () => {
    const after = readTicks();
    const all = after.all - before.all;
    const processes = after.busy - before.busy - (after.own - before.own);
    return { processes01: Math.max(0, processes / all), host01: (after.stolen - before.stolen) / all };
  };
}

function readTicks(): { busy: number; all: number; own: number; stolen: number } {
  const machine = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/).slice(1, 9).map(Number) ?? [];
  const [, , , idle = 0, waiting = 0, , , stolen = 0] = machine;
  const all = machine.reduce((sum, ticks) => sum + ticks, 0);
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // User and system time of the process, then those of the children that have ended.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return { busy: all - idle - waiting - stolen, all, own, stolen };
}
