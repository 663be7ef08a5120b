import type { Engine } from '../../src/engine.ts';

/** An engine that does something else before or after its next statement number `at` (1 is the next), once. */
export interface InterruptedEngine extends Engine {
  interruptAt(at: number, when: 'before' | 'after', action: () => Promise<unknown>): void;
  /** Forgets an interruption that did not come. */
  goOn(): void;
}

/** Wraps an engine whose statements are counted. What the action throws ends the statement, as a SIGKILL ends its process. */
export function toInterruptedEngine(engine: Engine): InterruptedEngine {
  let left = 0;
  let before = async (): Promise<unknown> => undefined;
  let after = before;
  const nothing = before;
  const guarded = async <T>(call: () => Promise<T>): Promise<T> => {
    left -= 1;
    const isNow = left === 0;
    if (isNow) await before();
    const result = await call();
    if (isNow) await after();
    return result;
  };
  return {
    run: (statement) => guarded(() => engine.run(statement)),
    ask: (statement) => guarded(() => engine.ask(statement)),
    askEach: (statement, toItem) => guarded(() => engine.askEach(statement, toItem)),
    insert: (sql, data) => guarded(() => engine.insert(sql, data)),
    insertBinary: (statement, rows) => guarded(() => engine.insertBinary(statement, rows)),
    close: () => engine.close(),
    interruptAt(at, when, action) {
      left = at;
      before = when === 'before' ? action : nothing;
      after = when === 'after' ? action : nothing;
    },
    goOn() {
      left = 0;
    },
  };
}
