import type { Engine } from './engine.ts';

/**
 * Gives an engine that is there once `reach` gives it, which each statement waits for. Throws what `reach` throws, and what the engine throws.
 */
export function createLateEngine(reach: () => Promise<Engine>, close: () => Promise<void>): Engine {
  return {
    run: async (statement) => (await reach()).run(statement),
    ask: async (statement) => (await reach()).ask(statement),
    askEach: async (statement, toItem) => (await reach()).askEach(statement, toItem),
    insert: async (sql, data) => (await reach()).insert(sql, data),
    insertBinary: async (statement, rows) => (await reach()).insertBinary(statement, rows),
    close,
  };
}
