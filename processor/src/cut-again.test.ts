import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore, openEmbeddedStore } from '@px-platform/store';
import { inspectEmbeddedStore, type StoreInspection } from '@px-platform/store/inspection';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Life, runLives, type SentRecord } from '../test/run-lives.ts';
import { toUuidV7 } from '../test/session-histories.ts';

const now = Date.UTC(2026, 10, 22, 12);
const dayMs = 24 * 60 * 60 * 1000;
const path = mkdtempSync(join(tmpdir(), 'px-cut-again-'));
let open: Awaited<ReturnType<typeof openEmbeddedStore>>;
let inspection: StoreInspection;

beforeAll(async () => {
  open = await openEmbeddedStore({ path, clock: () => now });
  inspection = inspectEmbeddedStore(path);
});
afterAll(async () => {
  await inspection.close();
  await open.store.close();
  rmSync(path, { recursive: true, force: true });
});

/** Ids made a moment ago are decided in memory, those of other days are looked up; a few of each come twice, also in one record. */
const ids = fc.record({ number: fc.nat(60), days: fc.constantFrom(0, 0, 0, 1, 40) });
const record: fc.Arbitrary<SentRecord> = fc.record({
  person: fc.constantFrom('anna', 'berta', 'finn', 'hugo'),
  ids: fc
    .array(ids, { minLength: 1, maxLength: 8 })
    .map((list) => list.map(({ number, days }) => toUuidV7(now - 1_000 - days * dayMs, number))),
});
const recordsUpTo = (maxLength: number) => fc.array(record, { minLength: 1, maxLength });

/** Lives of one processor after the other, whose batches have so many events or more. */
const livesOf = (minBatchSize: number): fc.Arbitrary<Life[]> =>
  fc.array(
    fc.record({
      batchSize: fc.integer({ min: minBatchSize, max: 30 }),
      batches: fc.nat(3),
      killedAt: fc.constantFrom('rows', 'sessions', 'commit'),
      keep: fc.nat(255),
    }),
    { minLength: 1, maxLength: 4 },
  );

/**
 * An id that two persons bear lies in two partitions. The first life stored one of them; cut smaller, the second life
 * reads the other one first.
 */
const [one, other, twice] = [1, 2, 3].map((number) => toUuidV7(now - 1_000, number));
const copyInAnotherPartition: [SentRecord[], Life[]] = [
  [
    { person: 'finn', ids: [`${one}`] },
    { person: 'finn', ids: [`${other}`] },
    { person: 'finn', ids: [`${twice}`] },
    { person: 'anna', ids: [`${twice}`] },
  ],
  [
    { batchSize: 30, batches: 0, killedAt: 'commit', keep: 0 },
    { batchSize: 1, batches: 9, killedAt: 'commit', keep: 0 },
  ],
];

it('stores each id once, however the batches of what is not committed are cut after a crash', async () => {
  await fc.assert(
    fc.asyncProperty(recordsUpTo(20), livesOf(1), async (sent, killed) => {
      const store = createMemoryStore();
      await runLives({ store, projectId: 'p', records: sent, lives: killed, now });
      expect(store.rows.map((row) => row.event_id).sort()).toEqual(toIds(sent));
    }),
    { numRuns: 100, examples: [copyInAnotherPartition] },
  );
});

it('does so on the real engine, and its sessions are those of its rows', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(recordsUpTo(10), livesOf(8), async (sent, killed) => {
      run += 1;
      const projectId = `prj_${run}`;
      await runLives({ store: open.store, projectId, records: sent, lives: killed, now });
      const rows = await inspection.ask(`SELECT toString(event_id) FROM events WHERE project_id = '${projectId}'`);
      expect(rows.map(([id]) => String(id)).sort()).toEqual(toIds(sent));
      const stored = await inspection.ask(`
SELECT session_id, person_key, events, start_at, end_at FROM sessions_v WHERE project_id = '${projectId}' ORDER BY ALL`);
      const rebuilt = await inspection.ask(`
SELECT session_id, person_key, count(), min(timestamp), max(timestamp)
FROM events WHERE project_id = '${projectId}' GROUP BY session_id, person_key ORDER BY ALL`);
      expect(stored).toEqual(rebuilt);
    }),
    { numRuns: 4, examples: [copyInAnotherPartition] },
  );
}, 240_000);

function toIds(sent: readonly SentRecord[]): string[] {
  return [...new Set(sent.flatMap((record) => record.ids))].sort();
}
