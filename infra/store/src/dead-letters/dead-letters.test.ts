import { MessageChannel } from 'node:worker_threads';
import { askOver, serveCalls } from '@px-platform/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeDeadLetters } from '../../test/describe-dead-letters.ts';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { connectDeadLetters, toDeadLetterCalls } from './dead-letters-over-port.ts';
import { parseLetterCursor } from './letter-cursor.ts';
import { createMemoryDeadLetters } from './memory-dead-letters.ts';

const { port1, port2 } = new MessageChannel();
let open: TestStore;
beforeAll(async () => {
  open = await openEmbeddedTestStore();
  serveCalls(port1, toDeadLetterCalls(open.deadLetters));
});
afterAll(async () => {
  port1.close();
  await open.store.close();
});

describe('dead letters in memory', () => {
  const store = createMemoryDeadLetters();
  describeDeadLetters(async () => ({ store, add: async (letters) => store.add(letters) }));
});

describe('dead letters in chdb, asked over a port', () => {
  const store = connectDeadLetters(askOver(port2));
  describeDeadLetters(async () => ({ store, add: (letters) => open.store.addDeadLetters(letters) }));

  it('are read 8 MiB at a time, one that is larger alone', async () => {
    const range = { projectId: 'prj_large', from: 0, to: Date.UTC(2200, 0, 1) };
    await open.store.addDeadLetters(
      [9, 5, 5, 5].map((mebibytes, offset) => ({
        reason: 'row_refused',
        stage: 'store',
        message: 'no',
        project_id: 'prj_large',
        log: 'log-large',
        partition: 0,
        offset,
        index: 0,
        received_at: Date.UTC(2100, 0, 1),
        payload: 'x'.repeat(mebibytes * 1024 * 1024),
      })),
    );
    const sizes: number[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = await store.page(range, cursor, 100);
      sizes.push(page.letters.length);
      cursor = page.cursor;
      if (cursor === null) break;
    }
    expect(sizes).toEqual([1, 2, 1]);
  });
});

describe('a cursor of letters', () => {
  it('is none where its text is not', () => {
    for (const text of ['', 'x', Buffer.from('{"until":"now"}').toString('base64url')]) {
      expect(parseLetterCursor(text)).toBeNull();
    }
  });
});
