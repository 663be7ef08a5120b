import { after, guard } from './diagnostics.ts';

/** What the start leaves for later, in order. */
const steps: (() => void)[] = [];

/**
 * Does this in a task of its own, after what was left before: `init` returns at once, and no task of the page grows long.
 * What a call or an event of the page needs is done before it by `catchUp`.
 */
export function doLater(run: () => void): void {
  steps.push(run);
  after(0, step);
}

/** Does now what was left for later: a call, an event of the page, or its end can't wait. Never throws. */
export function catchUp(): void {
  while (steps[0]) step();
}

function step(): void {
  const run = steps.shift();
  if (run) guard(run)();
}
