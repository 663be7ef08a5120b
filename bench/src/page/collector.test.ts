import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BenchCollector, openBenchCollector } from './collector.ts';

let collector: BenchCollector;
beforeAll(async () => {
  collector = await openBenchCollector();
});
afterAll(() => collector.close());

const post = (body: string | Uint8Array<ArrayBuffer>) => fetch(collector.url, { method: 'POST', body });

test('finds tracked events in JSON, gzip and base64, each once, and counts bytes as sent', async () => {
  const arrived = collector.begin(() => ({ status: 200, body: '' }));
  const plain = JSON.stringify({ events: [{ sku: 'tea-1-2' }, { sku: 'tea-1-2' }] });
  const zipped = Uint8Array.from(gzipSync('x tea-3-4 y'));
  const wrapped = `data=${Buffer.from('{"some":"longer text","sku":"tea-5-6"}').toString('base64')}`;
  for (const body of [plain, zipped, wrapped]) await post(body);
  expect([...arrived.marks].sort()).toEqual(['tea-1-2', 'tea-3-4', 'tea-5-6']);
  expect(arrived).toMatchObject({ requests: 3, bodyBytes: plain.length + zipped.length + wrapped.length });
});

test('answers by the number of events, and counts preflights apart', async () => {
  const arrived = collector.begin((events) => ({ status: 202, body: String(events) }));
  const answer = await post(JSON.stringify({ events: [{}, {}, {}] }));
  expect([answer.status, await answer.text()]).toEqual([202, '3']);
  await fetch(collector.url, { method: 'OPTIONS' });
  expect(arrived).toMatchObject({ requests: 1, preflights: 1 });
});
