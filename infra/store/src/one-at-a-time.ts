import type { Engine } from './engine.ts';

/**
 * Runs one statement after the other over a connection to chdb, and after one that failed a statement
 * whose answer is thrown away: chdb 3.4 puts what a failed statement had written already before the next
 * answer of that connection, which would break an innocent question and might show it another
 * project's rows.
 */
export function oneAtATime(engine: Engine): Engine {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(call: () => Promise<T>): Promise<T> => {
    const result = last.then(call);
    last = result.catch(() => engine.ask({ sql: 'SELECT 1', params: {} })).catch(() => undefined);
    return result;
  };
  return {
    run: (statement) => inTurn(() => engine.run(statement)),
    ask: (statement) => inTurn(() => engine.ask(statement)),
    askEach: (statement, toItem) => inTurn(() => engine.askEach(statement, toItem)),
    insert: (sql, data) => inTurn(() => engine.insert(sql, data)),
    insertBinary: (statement, rows) => inTurn(() => engine.insertBinary(statement, rows)),
    close: () => last.then(() => engine.close()),
  };
}
