import { questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine.ts';
import { createClickHouseRollupStore } from '../../src/rollups/clickhouse-rollup-store.ts';
import type { RollupMaker, RollupStore } from '../../src/rollups/rollup-store.ts';
import { askEvents, askMade } from '../rollups/ask-events.ts';
import { historyProject } from './history.ts';
import type { AskHistory, HistoryStore } from './open-history.ts';

const march = { from: '2026-02-28T23:00:00Z', to: '2026-03-31T22:00:00Z' };
/** Both ends cut an hour. */
const cut = { from: '2026-03-03T10:20:30.5Z', to: '2026-03-29T12:59:59.999Z' };
const berlin = { timezone: 'Europe/Berlin' };
const counted: [string, object, string[]][] = [
  ['overview', { question: 'overview', ...march, ...berlin }, ['events', 'page_views']],
  [
    'overview of one event, from and to within an hour',
    { question: 'overview', ...cut, event: 'page_view' },
    ['page_views'],
  ],
  ['days of Berlin', { question: 'timeseries', ...march, ...berlin }, ['events']],
  ['hours, cut', { question: 'timeseries', ...cut, interval: 'hour', event: 'signup' }, ['events']],
  ['weeks', { question: 'timeseries', ...cut, ...berlin, interval: 'week', by: 'channel' }, ['events']],
  [
    'months compared',
    { question: 'timeseries', ...march, ...berlin, interval: 'month', compare: 'previous_period' },
    ['events'],
  ],
  ['days of half an hour', { question: 'timeseries', ...march, timezone: 'Asia/Kolkata' }, ['events']],
  ['hours by event', { question: 'timeseries', ...cut, interval: 'hour', by: 'event' }, ['events']],
  ...['event', 'path', 'channel', 'country', 'device', 'browser'].map((by): [string, object, string[]] => [
    `breakdown by ${by}`,
    { question: 'breakdown', ...cut, by, event: by === 'path' ? 'click' : undefined },
    ['events'],
  ]),
  ['the largest compared', { question: 'breakdown', ...march, by: 'path', limit: 3, compare: cut }, ['events']],
  ['pages', { question: 'pages', ...cut, limit: 4 }, ['page_views']],
  ['pages of what shows none', { question: 'pages', ...march, event: 'click' }, ['page_views']],
  [
    'segments',
    {
      question: 'overview',
      ...march,
      segments: [
        { name: 'all', filters: [] },
        { name: 'DE', filters: [{ field: 'country', op: 'eq', value: 'DE' }] },
      ],
    },
    ['events'],
  ],
  ['another order', { question: 'timeseries', ...march }, ['sessions', 'events', 'visitors']],
  ['what is no count', { question: 'overview', ...march }, ['bounce_rate01', 'events']],
];

const german = [{ field: 'country', op: 'in', value: ['DE', ''] }];
const ofSessions: [string, object][] = [
  ['overview', { question: 'overview', ...march, ...berlin }],
  ['overview, cut', { question: 'overview', ...cut, measures: ['sessions', 'visitors'] }],
  ['overview of one country', { question: 'overview', ...cut, filters: german }],
  ['entry pages', { question: 'entry_pages', ...cut }],
  ['exit pages of one country', { question: 'exit_pages', ...march, filters: german, limit: 4 }],
  ['sources', { question: 'sources', ...march }],
  ['sources, cut', { question: 'sources', ...cut, by: 'utm_source' }],
  ['days of Berlin', { question: 'timeseries', ...march, ...berlin }],
  ['hours by country', { question: 'timeseries', ...cut, interval: 'hour', by: 'country' }],
  ['breakdown by browser', { question: 'breakdown', ...cut, by: 'browser', filters: german }],
];

/** Answers that name their measures, from events and from rollups, against the whole answers from events. */
export function describeRollups(open: () => Promise<HistoryStore>): void {
  describe('measures', () => {
    let ask: AskHistory;
    let engine: Engine;
    let rollups: RollupStore & RollupMaker;
    let now = 0;
    const onError = (error: unknown): never => expect.unreachable(String(error));
    const round = { aborted: new AbortController().signal, onError };
    beforeAll(async () => {
      const test = await open();
      ask = test.ask;
      engine = test.engine;
      rollups = createClickHouseRollupStore(
        test.engine,
        () => now,
        async () => undefined,
      );
    });

    describe.each([
      ['none', 0, false],
      ['half', Date.parse('2026-03-15T05:00:00Z'), false],
      ['most', Date.parse('2026-03-30T05:00:00Z'), true],
      ['all', Date.parse('2026-07-01T00:00:00Z'), true],
    ])('where %s of the rollups are made', (_name, until, isOfUse) => {
      beforeAll(async () => {
        now = until;
        await rollups.makeRound(round);
      }, 60_000);
      it.each(ofSessions)('answers %s as the events do', async (_what, question) => {
        const asked = questionSchema.parse(question);
        const made = await askMade(engine, historyProject, asked);
        // Where too little is made, the events are read.
        expect(made !== null).toBe(isOfUse);
        if (made !== null) expect(made).toEqual(await askEvents(engine, historyProject, asked));
      });
      it.each(counted)('answers %s as without rollups', async (_what, question, measures) => {
        const whole = await ask(question);
        const asked = await ask({ ...question, measures });
        expect(asked.columns).toEqual([...asked.columns.slice(0, -measures.length), ...measures]);
        expect(asked.rows).toEqual(
          whole.rows.map((row) => asked.columns.map((name) => row[whole.columns.indexOf(name)])),
        );
      });
    });

    it('reads the rollup and not the events', async () => {
      const days = await ask({ question: 'timeseries', ...march, ...berlin, measures: ['events'] });
      const sessions = await ask({ question: 'overview', ...march, ...berlin });
      const events = await ask({
        question: 'overview',
        ...march,
        ...berlin,
        filters: [{ field: 'host', op: 'is_set' }],
      });
      expect(days.rows_read).toBeLessThan(events.rows_read / 2);
      expect(sessions.rows_read).toBeLessThan(events.rows_read / 2);
    });

    it('is right by its own check', async () => {
      const range = { from: Date.parse('2026-03-25T00:00:00Z'), to: Date.parse('2026-04-03T00:00:00Z') };
      expect(await rollups.check(historyProject, range)).toEqual({ checked: 9 * 24, stale: 0, differences: [] });
    });

    it('names each measure once, and only those there are', async () => {
      for (const measures of [[], ['events', 'events'], ['page_views']]) {
        await expect(async () => ask({ question: 'timeseries', ...march, measures })).rejects.toThrow('measures');
      }
    });
  });
}
