import type { EventRow } from '@px-platform/schemas';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from './open-test-store.ts';
import { sampleId, sampleRow } from './sample-row.ts';
import { type SessionRow, toSessionRows } from './session-reference.ts';

const start = Date.UTC(2026, 4, 1, 12);
const dayMs = 24 * 60 * 60 * 1000;
const written = "SETTINGS date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0";

/** Sessions derived at insert: right under any redelivery of the same events, and read without a state in sight. */
export function describeSessions(open: () => Promise<TestStore>): void {
  describe('the sessions', () => {
    let test: TestStore;
    let projects = 0;
    beforeAll(async () => {
      test = await open();
    });

    /** Rows of a project and a partition of their own, one offset each. */
    function toRows(events: readonly Partial<EventRow>[]): EventRow[] {
      projects += 1;
      return events.map((own, at) =>
        sampleRow({
          project_id: `prj_sessions ${projects}`,
          event_id: sampleId((150 + projects) * 1_000_000 + at),
          timestamp: start + at,
          _log: 'log-s',
          _partition: 150 + projects,
          _offset: at,
          ...own,
        }),
      );
    }
    const insert = (rows: readonly EventRow[]): Promise<void> =>
      test.store.insert({
        logId: 'log-s',
        partition: rows[0]?._partition ?? 0,
        firstOffset: rows[0]?._offset ?? 0,
        lastOffset: rows.at(-1)?._offset ?? 0,
        rows,
      });
    const ask = async (sql: string, params: Record<string, unknown>): Promise<Record<string, unknown>[]> => {
      const { columns, rows } = await test.engine.ask({ sql: `${sql} ${written}`, params });
      return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
    };
    const read = (rows: readonly EventRow[]): Promise<Record<string, unknown>[]> =>
      ask('SELECT * FROM sessions_v WHERE project_id = {project:String} ORDER BY person_key, start_at, session_id', {
        project: rows[0]?.project_id,
      });
    const store = async (events: readonly Partial<EventRow>[]): Promise<Record<string, unknown>[]> => {
      const rows = toRows(events);
      await insert(rows);
      return read(rows);
    };

    it('say what a slow sum over the events says, in whatever pieces and how often those come', async () => {
      const events = fc.array(
        fc.record({
          event: fc.constantFrom('page_view', 'page_view', 'scroll', 'click'),
          person_key: fc.constantFrom('anna', 'berta'),
          session_id: fc.constantFrom(sampleId(1_500_001), sampleId(1_500_002)),
          timestamp: fc.constantFrom(0, 1, 60_000, dayMs / 2, dayMs / 2 + 1).map((after) => start + after),
          path: fc.constantFrom('/', '/in', '/out'),
          channel: fc.constantFrom('direct', 'email', 'referral'),
          utm_source: fc.constantFrom('', 'news'),
          device: fc.constantFrom('mobile', 'desktop'),
          properties: fc.constantFrom({}, { engaged_ms: 4_000 }, { engaged_ms: 7_000 }),
        }),
        { minLength: 1, maxLength: 12 },
      );
      const pieces = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(events, pieces, async (own, cuts) => {
          const rows = toRows(own);
          for (const [from, to] of cuts) {
            const piece = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
            if (piece.length > 0) await insert(piece);
          }
          await insert(rows);
          await insert(rows);
          expect(await read(rows)).toEqual(toSessionRows(rows));
        }),
        { numRuns: 6 },
      );
    });

    it('count the time that was looked at once for each event, also where two looked for equally long', async () => {
      const scroll = (engaged_ms: unknown): Partial<EventRow> => ({ event: 'scroll', properties: { engaged_ms } });
      const rows = toRows([{}, scroll(4_000), scroll(4_000), scroll(1_500)]);
      await insert(rows.slice(0, 3));
      await insert(rows.slice(1));
      await insert(rows);
      expect(await read(rows)).toMatchObject([{ engaged_ms: 9_500 }]);
    });

    it.each([
      ['text', 'long'],
      ['nothing', null],
      ['an object', { ms: 4_000 }],
      ['a negative', -4_000],
      ['not a number as text', 'nan'],
      ['without end, as text', 'inf'],
      ['more than a day', dayMs + 1],
      ['more than any clock', 1e300],
    ])('believe no engaged time that is %s', async (_name, engaged_ms) => {
      const bad = { event: 'scroll', properties: { engaged_ms } };
      const other = { event: 'form', properties: { engaged_ms: 4_000 } };
      const good = { event: 'scroll', properties: { engaged_ms: 30 } };
      expect(await store([bad, other, good])).toMatchObject([{ engaged_ms: 30, events: 3 }]);
    });

    it.each([
      ['one page, looked at for less than 10 s', 1, 9_999, true],
      ['one page, looked at for 10 s', 1, 10_000, false],
      ['two pages, hardly looked at', 2, 10, false],
      ['no page at all', 0, 0, true],
    ])('say whether it was a bounce: %s', async (_name, views, engaged_ms, is_bounce) => {
      const pages = Array.from({ length: views }, () => ({}));
      const rows = await store([...pages, { event: 'scroll', properties: { engaged_ms } }]);
      expect(rows).toMatchObject([{ is_bounce, page_views: views }]);
    });

    it('take entry, place and device from the first page view, not from a server that spoke before', async () => {
      const server = { event: 'order_paid', path: '', channel: 'direct', country: 'IE', device: '' };
      const page = { path: '/in', channel: 'email', country: 'DE', device: 'mobile' };
      expect(await store([server, page, { path: '/out' }, { ...server, timestamp: start + 100 }])).toMatchObject([
        { entry_path: '/in', exit_path: '/out', channel: 'email', country: 'DE', device: 'mobile', events: 4 },
      ]);
    });

    it('bear the first touch and the last that was not direct', async () => {
      const touches = [
        { channel: 'email', utm_source: 'news', utm_medium: 'email', utm_campaign: 'may' },
        { channel: 'direct' },
        { channel: 'referral', referrer_host: 'blog.example' },
        { channel: 'direct' },
      ];
      expect(await store(touches)).toMatchObject([
        {
          channel: 'email',
          utm_source: 'news',
          utm_medium: 'email',
          utm_campaign: 'may',
          referrer_host: '',
          last_channel: 'referral',
          last_utm_source: '',
          last_referrer_host: 'blog.example',
        },
      ]);
    });

    it('tell two pages of one instant apart by their place in the log', async () => {
      const rows = toRows(['/a', '/b', '/c'].map((path) => ({ path, timestamp: start })));
      for (const row of rows.toReversed()) await insert([row]);
      expect(await read(rows)).toMatchObject([{ entry_path: '/a', exit_path: '/c' }]);
    });

    it('keep persons apart who send one id, so that nobody writes into the session of another', async () => {
      const session_id = sampleId(1_500_009);
      const hostile = { person_key: 'mallory', timestamp: start - 1_000, path: '/forged', channel: 'paid_search' };
      const many = Array.from({ length: 1_000 }, (_, at) => ({ session_id, person_key: `person-${at}` }));
      const rows = await store([{ session_id, path: '/in' }, { session_id, ...hostile }, ...many]);
      expect(rows).toHaveLength(1_002);
      const anna = rows.filter((row) => row['person_key'] === 'anna');
      expect(anna).toMatchObject([{ entry_path: '/in', channel: 'direct', events: 1, start_at: iso(start) }]);
    });

    it('are one over midnight and the end of a month, and found by when they began', async () => {
      const midnight = Date.UTC(2026, 4, 1);
      const rows = toRows([
        { timestamp: midnight - 600_000, path: '/in' },
        { timestamp: midnight + 600_000, path: '/out' },
        { timestamp: midnight - 60 * dayMs, session_id: sampleId(1_500_011) },
        { timestamp: midnight + 60 * dayMs, session_id: sampleId(1_500_012) },
      ]);
      await insert(rows);
      expect(await read(rows)).toMatchObject([
        {},
        { entry_path: '/in', exit_path: '/out', duration_ms: 1_200_000 },
        {},
      ]);
      const between = (from: string, to: string): Promise<Record<string, unknown>[]> =>
        ask(`SELECT * FROM sessions_between(project = {project:String}, from = {from:String}, to = {to:String})`, {
          project: rows[0]?.project_id,
          from,
          to,
        });
      expect(await between('2026-04-30 00:00:00', '2026-05-01 00:00:00')).toEqual([(await read(rows))[1]]);
      expect(await between('2026-05-01 00:00:00', '2026-05-08 00:00:00')).toEqual([]);
      expect(await between('2026-04-30 23:50:00', '2026-04-30 23:50:01')).toHaveLength(1);
    });

    it('are read of the days that are asked for alone', async () => {
      const days = Array.from({ length: 20 }, (_, at) => ({
        timestamp: Date.UTC(2024 + Math.floor(at / 12), at % 12, 10),
        session_id: sampleId(1_500_100 + at),
      }));
      const rows = toRows(days);
      await insert(rows);
      const sql = `SELECT count() FROM sessions_between(project = {project:String}, from = '2024-03-01 00:00:00', to = '2024-04-01 00:00:00')`;
      const answer = await test.engine.ask({ sql, params: { project: rows[0]?.project_id } });
      expect(answer.rows.map((row) => Number(row[0]))).toEqual([1]);
      expect(answer.rowsRead).toBeLessThan(10);
    });
  });
}

function iso(at: number): SessionRow['start_at'] {
  return new Date(at).toISOString();
}
