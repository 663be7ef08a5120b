import type { Engine } from '../engine.ts';
import { readCauseCode } from './error-code.ts';

/**
 * UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE: another insert into this table and shard is not on most replicas yet, and a second one is refused, not
 * queued. REPLICA_IS_NOT_IN_QUORUM: a replica was asked that does not have the last one yet. Nothing was done in either case.
 */
const passing = new Set(['286', '289']);

const firstWaitMs = 10;
const maxWaitMs = 500;

/** What waiting needs from outside; `random` gives 0 to 1. */
export interface Patience {
  readonly wait: (ms: number) => Promise<unknown>;
  readonly random: () => number;
  readonly maxTries: number;
}

/**
 * Wraps an engine of a cluster: what an insert of another stands in the way of is tried again after a moment that grows to half a second,
 * each by a chance of its own, so that two do not meet again. Throws what the engine throws, after `maxTries`.
 */
export function awaitQuorum(engine: Engine, { wait, random, maxTries }: Patience): Engine {
  const patiently = async <T>(call: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await call();
      } catch (error) {
        if (tries >= maxTries || !passing.has(readCauseCode(error))) throw error;
        await wait(Math.min(firstWaitMs * 2 ** (tries - 1), maxWaitMs) * (0.5 + random()));
      }
    }
  };
  return {
    run: (statement) => patiently(() => engine.run(statement)),
    ask: (statement) => patiently(() => engine.ask(statement)),
    askEach: (statement, toItem) => patiently(() => engine.askEach(statement, toItem)),
    insert: (sql, data) => patiently(() => engine.insert(sql, data)),
    insertBinary: (statement, rows) => patiently(() => engine.insertBinary(statement, rows)),
    close: () => engine.close(),
  };
}
