import { systemClock } from '@px-platform/runtime';
import { afterAll, expect, it } from 'vitest';
import { openServerTestStore } from '../test/open-test-store.ts';
import { sampleId, sampleRow } from '../test/sample-row.ts';
import { openWithholdingProxy } from '../test/withholding-proxy.ts';
import { openServerStore } from './open-server.ts';

const server = await openServerTestStore();
const proxy = await openWithholdingProxy(server.url);
afterAll(async () => {
  await proxy.close();
  await server.store.close();
});

const batch = {
  logId: 'log-hung',
  partition: 0,
  firstOffset: 0,
  lastOffset: 9,
  rows: Array.from({ length: 10 }, (_, at) =>
    // Two months: two parts, which are not stored at once.
    sampleRow({
      project_id: 'prj_hung',
      event_id: sampleId(at),
      day: `2026-1${at % 2}-01`,
      _log: 'log-hung',
      _offset: at,
    }),
  ),
};

async function countRows(): Promise<unknown> {
  const { rows } = await server.engine.ask({
    sql: "SELECT count(), uniqExact(event_id) FROM events WHERE project_id = 'prj_hung'",
    params: {},
  });
  return rows[0]?.map(Number);
}

it('stores a batch once whose insert is done and never answered, or answered late, however often it is tried', async () => {
  const { store } = await openServerStore({ urls: [proxy.url], clock: systemClock, requestTimeoutMs: 2_000 });
  proxy.withhold('INSERT INTO events');
  for (let tries = 1; tries <= 2; tries += 1) {
    await expect(store.insert(batch)).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect.poll(proxy.held).toBe(tries);
    expect(await countRows()).toEqual([10, 10]);
  }
  proxy.withhold(null);
  // With a line of its own, which waits as long as it takes.
  const answered = server.store.insert(batch);
  proxy.release();
  await answered;
  expect(await countRows()).toEqual([10, 10]);
  const { rows } = await server.engine.ask({
    sql: "SELECT sum(events) FROM sessions_v WHERE project_id = 'prj_hung'",
    params: {},
  });
  expect(rows[0]?.map(Number)).toEqual([10]);
  await store.close();
});
