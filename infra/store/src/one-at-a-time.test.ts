import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../test/open-test-store.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openEmbeddedTestStore();
});
afterAll(async () => {
  await test.store.close();
});

/** Writes thousands of rows before it fails. */
const failing = 'SELECT number, throwIf(number = 50000) FROM numbers(100000) SETTINGS max_block_size = 1000';

it('gives the next answer alone after a statement that failed half way', async () => {
  await expect(test.engine.ask({ sql: failing, params: {} })).rejects.toMatchObject({ code: 'store_unavailable' });
  expect((await test.engine.ask({ sql: 'SELECT 7', params: {} })).rows).toEqual([[7]]);
});

it('gives each of many waiting statements its own answer', async () => {
  const asked = Array.from({ length: 12 }, (_, at) =>
    test.engine.ask({ sql: at % 3 === 0 ? failing : `SELECT ${at}`, params: {} }),
  );
  const answers = await Promise.allSettled(asked);
  for (const [at, answer] of answers.entries()) {
    if (at % 3 === 0) expect(answer.status).toBe('rejected');
    else expect(answer).toMatchObject({ status: 'fulfilled', value: { rows: [[at]] } });
  }
});
