import type { EventRow } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from './open-test-store.ts';
import { sampleId, sampleRow } from './sample-row.ts';

const start = Date.UTC(2026, 4, 1, 12);

const finalised = `
SELECT person_key, min(start_at) AS started, max(end_at) AS ended, uniqExactMerge(events), uniqExactIfMerge(page_views),
    argMinMerge(entry_path), argMaxMerge(exit_path), argMinMerge(channel), argMinMerge(country), argMinMerge(device)
FROM sessions WHERE project_id = {project:String}
GROUP BY session_id, person_key ORDER BY person_key
SETTINGS date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0`;

/** Sessions derived at insert: right under any redelivery of the same events. */
export function describeSessions(open: () => Promise<TestStore>): void {
  describe('the sessions', () => {
    let test: TestStore;
    beforeAll(async () => {
      test = await open();
    });

    const insert = (rows: readonly EventRow[], partition: number): Promise<void> =>
      test.store.insert({
        logId: 'log-s',
        partition,
        firstOffset: rows[0]?._offset ?? 0,
        lastOffset: rows.at(-1)?._offset ?? 0,
        rows,
      });
    const read = async (projectId: string): Promise<unknown[][]> =>
      (await test.engine.ask({ sql: finalised, params: { project: projectId } })).rows;

    it.each([
      ['a batch', (rows: EventRow[]) => [rows]],
      ['the same batch twice', (rows: EventRow[]) => [rows, rows]],
      ['two halves', (rows: EventRow[]) => [rows.slice(0, 2), rows.slice(2)]],
      ['two halves, then the whole', (rows: EventRow[]) => [rows.slice(0, 2), rows.slice(2), rows]],
    ])('count each event once after %s', async (name, split) => {
      const projectId = `prj_sessions ${name}`;
      const partition = 150 + name.length;
      const rows = toRows(projectId, partition);
      for (const part of split(rows)) await insert(part, partition);
      expect(await read(projectId)).toEqual([
        ['anna', iso(start), iso(start + 3_000), 3, 2, '/in', '/out', 'email', 'DE', 'mobile'],
        ['berta', iso(start + 2_000), iso(start + 2_000), 1, 1, '/beans', '/beans', 'direct', 'DE', 'desktop'],
      ]);
    });
  });
}

function toRows(projectId: string, partition: number): EventRow[] {
  const anna = { person_key: 'anna', session_id: sampleId(1_500_001) };
  const berta = { person_key: 'berta', session_id: sampleId(1_500_002) };
  const own: Partial<EventRow>[] = [
    { ...anna, timestamp: start, path: '/in', channel: 'email', device: 'mobile' },
    { ...anna, timestamp: start + 1_000, event: 'click', path: '/between' },
    { ...berta, timestamp: start + 2_000 },
    { ...anna, timestamp: start + 3_000, path: '/out' },
  ];
  return own.map((one, at) =>
    sampleRow({
      project_id: projectId,
      event_id: sampleId(partition * 1_000_000 + at),
      _log: 'log-s',
      _partition: partition,
      _offset: at,
      ...one,
    }),
  );
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
