import { readFileSync } from 'node:fs';

/**
 * Begins to watch what else runs on this machine. The function given tells the share of the cores' time, 0..1, that
 * was spent by other processes than this one and its children; right once those have ended. Source: proc(5).
 */
export function watchOthers(): () => number {
  const before = readTicks();
  return () => {
    const after = readTicks();
    const others = after.busy - before.busy - (after.own - before.own);
    return Math.max(0, others / (after.all - before.all));
  };
}

function readTicks(): { busy: number; all: number; own: number } {
  const machine = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/).slice(1, 9).map(Number) ?? [];
  const [, , , idle = 0, waiting = 0] = machine;
  const all = machine.reduce((sum, ticks) => sum + ticks, 0);
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // User and system time of the process, then those of the children that have ended.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return { busy: all - idle - waiting, all, own };
}
