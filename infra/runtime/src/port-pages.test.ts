import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { AppError } from './app-error.ts';
import { type Ask, askOver, serveCalls } from './port-calls.ts';
import { askPages, toPageCalls } from './port-pages.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function connect(open: (count: number) => AsyncIterable<unknown>): Ask {
  const { port1, port2 } = new MessageChannel();
  ends.push(() => port1.close());
  serveCalls(port1, toPageCalls('pages', open));
  return askOver(port2);
}

it('gives the pages in their order, then ends', async () => {
  const ask = connect(async function* (count) {
    for (let page = 0; page < count; page++) yield [page];
  });
  expect(await Array.fromAsync(askPages(ask, 'pages', 3))).toEqual([[0], [1], [2]]);
  expect(await Array.fromAsync(askPages(ask, 'pages', 0))).toEqual([]);
});

it('asks for no page before it is wanted, and lets go where nobody wants more', async () => {
  const made: number[] = [];
  let hasLetGo = false;
  const ask = connect(async function* (count) {
    try {
      for (let page = 0; page < count; page++) {
        made.push(page);
        yield page;
      }
    } finally {
      hasLetGo = true;
    }
  });
  for await (const page of askPages<number>(ask, 'pages', 100)) if (page === 1) break;
  expect([made, hasLetGo]).toEqual([[0, 1], true]);
});

it('throws what reading a page throws', async () => {
  const ask = connect(async function* () {
    yield 1;
    throw new AppError('store_unavailable', 'away');
  });
  const pages = askPages<number>(ask, 'pages', 1);
  expect((await pages.next()).value).toBe(1);
  await expect(pages.next()).rejects.toMatchObject({ code: 'store_unavailable' });
});
