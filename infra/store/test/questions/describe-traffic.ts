import type { EventRow } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AskHistory, HistoryStore } from './open-history.ts';
import { referEntryExitPages, referOverview, referPages, referSources } from './reference-traffic.ts';
import type { Selection } from './select-rows.ts';

const berlin = { timezone: 'Europe/Berlin' };
/** 29 March in Berlin: 23 hours. */
const shortDay = { from: '2026-03-28T23:00:00Z', to: '2026-03-29T22:00:00Z' };
const march = { from: '2026-02-28T23:00:00Z', to: '2026-03-31T22:00:00Z' };

const asked: [string, object, (row: EventRow) => boolean][] = [
  ['of all', {}, () => true],
  ['of one event', { event: 'signup' }, (row) => row.event === 'signup'],
  [
    'of what passes all filters',
    {
      filters: [
        { field: 'country', op: 'eq', value: 'DE' },
        { field: 'properties.seats', op: 'gte', value: 1 },
      ],
    },
    (row) => row.country === 'DE' && Number(row.properties['seats']) >= 1,
  ],
  [
    'of what passes one of several filters',
    {
      filters: [
        { field: 'event', op: 'eq', value: 'page_view' },
        {
          op: 'any',
          filters: [
            { field: 'path', op: 'eq', value: "/o'brien" },
            { field: 'properties.plan', op: 'eq', value: 'pro' },
          ],
        },
      ],
    },
    (row) => row.event === 'page_view' && (row.path === "/o'brien" || row.properties['plan'] === 'pro'),
  ],
];

/** Questions of traffic against their references; segments and comparison. */
export function describeTraffic(open: () => Promise<HistoryStore>): void {
  describe('traffic', () => {
    let rows: EventRow[];
    let ask: AskHistory;
    beforeAll(async () => {
      ({ rows, ask } = await open());
    });
    const toSelection = (range: { from: string; to: string }, keep?: Selection['keep']): Selection => ({
      from: Date.parse(range.from),
      to: Date.parse(range.to),
      ...(keep === undefined ? {} : { keep }),
    });

    describe.each(asked)('%s', (_name, own, keep) => {
      it.each([
        ['a month', march],
        ['a day that is put forward', shortDay],
      ])('is what the reference tells, in %s', async (_range, range) => {
        const selection = toSelection(range, keep);
        const common = { ...range, ...berlin, ...own };
        expect((await ask({ question: 'overview', ...common })).rows).toEqual([referOverview(rows, selection)]);
        expect((await ask({ question: 'pages', ...common })).rows).toEqual(referPages(rows, selection));
        const entries = await ask({ question: 'entry_pages', ...common });
        expect(entries.rows).toEqual(referEntryExitPages(rows, selection, 0));
        const exits = await ask({ question: 'exit_pages', ...common });
        expect(exits.rows).toEqual(referEntryExitPages(rows, selection, -1));
        expect((await ask({ question: 'sources', ...common })).rows).toEqual(referSources(rows, selection, 'channel'));
        const sources = await ask({ question: 'sources', by: 'utm_source', ...common });
        expect(sources.rows).toEqual(referSources(rows, selection, 'utm_source'));
      });
    });

    it('names its columns', async () => {
      const columns = async (question: string): Promise<string[]> => (await ask({ question, ...march })).columns;
      const ofSessions = ['bounce_rate01', 'mean_duration_ms'];
      expect(await columns('overview')).toEqual(['visitors', 'sessions', 'page_views', 'events', ...ofSessions]);
      expect(await columns('pages')).toEqual(['path', 'page_views', 'visitors', 'sessions']);
      expect(await columns('entry_pages')).toEqual(['path', 'visitors', 'sessions', ...ofSessions]);
      expect(await columns('sources')).toEqual(['source', 'visitors', 'sessions', 'page_views', ...ofSessions]);
    });

    it('is zero where nothing happened', async () => {
      const empty = { from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z' };
      expect((await ask({ question: 'overview', ...empty })).rows).toEqual([[0, 0, 0, 0, 0, 0]]);
      expect((await ask({ question: 'sources', ...empty })).rows).toEqual([]);
    });

    it('counts copies that are not merged yet once, in time series and breakdowns too', async () => {
      const selection = toSelection(march);
      const [, , , events] = referOverview(rows, selection);
      const sum = (counts: unknown[]): number => counts.reduce((all: number, one) => all + Number(one), 0);
      const series = await ask({ question: 'timeseries', ...march, ...berlin });
      expect(sum(series.rows.map((row) => row[1]))).toBe(events);
      const groups = await ask({ question: 'breakdown', by: 'country', ...march });
      expect(sum(groups.rows.map((row) => row[1]))).toBe(events);
      const newest = await ask({ question: 'events', ...march, limit: 1_000 });
      const ids = newest.rows.map((row) => row[newest.columns.indexOf('event_id')]);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('compares segments side by side, each with filters of its own beside those of all', async () => {
      const segments = [
        { name: 'everybody', filters: [] },
        { name: 'from Japan', filters: [{ field: 'country', op: 'eq', value: 'JP' }] },
      ];
      const filters = [{ field: 'event', op: 'eq', value: 'page_view' }];
      const answer = await ask({ question: 'overview', ...march, filters, segments });
      const isView = (row: EventRow): boolean => row.event === 'page_view';
      expect(answer.columns[0]).toBe('segment');
      expect(answer.rows).toEqual([
        ['everybody', ...referOverview(rows, toSelection(march, isView))],
        [
          'from Japan',
          ...referOverview(
            rows,
            toSelection(march, (row) => isView(row) && row.country === 'JP'),
          ),
        ],
      ]);
    });

    it('compares with the days before, day by day', async () => {
      const before = { from: '2026-03-27T23:00:00Z', to: '2026-03-28T23:00:00Z' };
      const compare = 'previous_period';
      const answer = await ask({ question: 'overview', ...shortDay, ...berlin, compare });
      expect(answer.columns[0]).toBe('period');
      expect(answer.rows).toEqual([
        ['current', ...referOverview(rows, toSelection(shortDay))],
        ['compared', ...referOverview(rows, toSelection(before))],
      ]);
      const series = await ask({ question: 'timeseries', ...shortDay, ...berlin, compare });
      expect(series.rows.map(([period, time]) => [period, time])).toEqual([
        ['current', '2026-03-28T23:00:00Z'],
        ['compared', '2026-03-27T23:00:00Z'],
      ]);
    });

    it('compares the largest groups with the same ones, though others were larger then', async () => {
      const april = { from: '2026-03-31T22:00:00Z', to: '2026-04-30T22:00:00Z' };
      for (const [question, refer] of [
        ['pages', (selection: Selection) => referPages(rows, selection)],
        ['exit_pages', (selection: Selection) => referEntryExitPages(rows, selection, -1)],
      ] as const) {
        const answer = await ask({ question, ...april, ...berlin, compare: march, limit: 2 });
        const current = refer(toSelection(april)).slice(0, 2);
        const names = current.map(([name]) => name);
        const compared = refer(toSelection(march)).filter(([name]) => names.includes(name));
        expect(answer.rows).toEqual([
          ...current.map((row) => ['current', ...row]),
          ...compared.map((row) => ['compared', ...row]),
        ]);
      }
    });
  });
}
