import type { Writable } from 'node:stream';
import type { DestinationStream } from 'pino';

/** Lines held longer than this are written before the turn's end. */
const maxHeldLength = 64 * 1024;

/**
 * Gives a sink that writes the lines of one turn of the event loop at once, at its end: requests that are answered
 * together cost one write(2), not one each. A process that exits or throws writes what it holds; one that is killed
 * loses the lines of that turn. `out` is standard output, which node writes to synchronously.
 */
export function createTurnSink(out: Writable): DestinationStream & { flushSync(): void } {
  let held = '';
  let isScheduled = false;

  function flushSync(): void {
    const lines = held;
    held = '';
    if (lines !== '') out.write(lines);
  }
  function endTurn(): void {
    isScheduled = false;
    process.off('exit', flushSync);
    flushSync();
  }

  return {
    write(line) {
      held += line;
      if (held.length > maxHeldLength) flushSync();
      if (isScheduled) return;
      isScheduled = true;
      process.once('exit', flushSync);
      setImmediate(endTurn);
    },
    flushSync,
  };
}
