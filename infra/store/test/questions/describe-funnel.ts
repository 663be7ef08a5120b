import type { EventRow } from '@px-platform/schemas';
import { questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import { storeEvents } from '../store-events.ts';
import type { AskHistory, HistoryStore } from './open-history.ts';
import { type Fits, referFunnel, toMedian } from './reference-funnel.ts';
import { isSelected } from './select-rows.ts';

const spring = { from: '2026-03-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };
const is =
  (event: string, own: Fits = () => true): Fits =>
  (row) =>
    row.event === event && own(row);

const funnels: [string, object[], Fits[]][] = [
  [
    'three events',
    [{ event: 'page_view' }, { event: 'signup' }, { event: 'purchase' }],
    [is('page_view'), is('signup'), is('purchase')],
  ],
  ['the same event thrice', Array(3).fill({ event: 'signup' }), Array(3).fill(is('signup'))],
  [
    'steps that one event fits, narrowed by filters',
    [
      { event: 'page_view' },
      { event: 'page_view', filters: [{ field: 'path', op: 'starts_with', value: '/docs' }] },
      { event: 'page_view', filters: [{ field: 'properties.plan', op: 'eq', value: 'pro' }] },
      { event: 'click' },
    ],
    [
      is('page_view'),
      is('page_view', (row) => row.path.startsWith('/docs')),
      is('page_view', (row) => row.properties['plan'] === 'pro'),
      is('click'),
    ],
  ],
  ['events that nobody did', [{ event: 'no' }, { event: 'page_view' }], [is('no'), is('page_view')]],
  ['a second event that nobody did', [{ event: 'page_view' }, { event: 'nothing' }], [is('page_view'), is('nothing')]],
];

const repeated = (event: string, fromMs: number): string[] =>
  Array.from({ length: 2_000 }, (_, ms) => `${event} ${fromMs + ms}`);

/** Funnels against the reference, and the edges of their rules. */
export function describeFunnel(open: () => Promise<HistoryStore>): void {
  describe('a funnel', () => {
    let rows: EventRow[];
    let ask: AskHistory;
    let test: HistoryStore;
    beforeAll(async () => {
      test = await open();
      const bounds = { from: Date.parse(spring.from), to: Date.parse(spring.to) };
      rows = test.rows.filter((row) => isSelected(row, bounds));
      ask = test.ask;
    });

    function refer(of: readonly EventRow[], fits: Fits[], names: unknown[], windowS: number): unknown[][] {
      const persons = referFunnel(of, fits, windowS * 1_000);
      const counts = fits.map((_, at) => persons.filter(({ times }) => times[at] !== null).length);
      return fits.map((_, at) => {
        const times = persons.flatMap((one) => one.times[at] ?? []);
        const [all = 0, count = 0, before = 0] = [counts[0], counts[at], counts[Math.max(at - 1, 0)]];
        const rate = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
        return [at + 1, names[at], count, rate(count, all), rate(count, before), at === 0 ? null : toMedian(times)];
      });
    }
    const namesOf = (steps: object[]): unknown[] => steps.map((step) => ('event' in step ? step.event : ''));

    describe.each(funnels)('of %s', (_name, steps, fits) => {
      it.each([60, 600, 86_400, 30 * 86_400])('counts who comes how far in %i s, and how fast', async (windowS) => {
        const answer = await ask({ question: 'funnel', ...spring, steps, window_s: windowS });
        expect(answer.rows).toEqual(refer(rows, fits, namesOf(steps), windowS));
      });
    });

    it('counts a person in one group, that of their first step, largest groups first', async () => {
      const [, steps, fits] = funnels[0] ?? ['', [], []];
      const filters = [{ field: 'browser', op: 'ne', value: 'Safari' }];
      const answer = await ask({ question: 'funnel', ...spring, steps, filters, by: 'path', limit: 3 });
      const asked = rows.filter((row) => row.browser !== 'Safari');
      const pathOf = new Map(referFunnel(asked, fits, 1).map(({ person, first }) => [person, first.path]));
      const sizes = [...Map.groupBy(pathOf.values(), (path) => path)].map(([path, of]) => ({ path, size: of.length }));
      const largest = sizes.toSorted((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1)).slice(0, 3);
      const expected = largest.flatMap(({ path }) => {
        const of = asked.filter((row) => pathOf.get(row.person_key) === path);
        return refer(of, fits, namesOf(steps), 86_400).map((row) => [path, ...row]);
      });
      expect(answer.columns).toEqual(['by', 'step', 'event', 'visitors', 'rate01', 'step_rate01', 'median_ms']);
      expect(answer.rows).toEqual(expected);
    });

    it('is compared by segments', async () => {
      const [, steps, fits] = funnels[0] ?? ['', [], []];
      const segments = ['DE', 'FR'].map((value) => ({ name: value, filters: [{ field: 'country', op: 'eq', value }] }));
      const answer = await ask({ question: 'funnel', ...spring, steps, segments });
      const expected = ['DE', 'FR'].flatMap((country) =>
        refer(
          rows.filter((row) => row.country === country),
          fits,
          namesOf(steps),
          86_400,
        ).map((row) => [country, ...row]),
      );
      expect(answer.rows).toEqual(expected);
    });

    it.each([
      ['in order', ['a 0', 'b 10'], 10],
      ['in the wrong order', ['b 0', 'a 10'], null],
      ['in one millisecond, stored in the wrong order', ['b 5', 'a 5'], 0],
      ['at the end of the window', ['a 0', 'b 60000'], 60_000],
      ['just after the window', ['a 0', 'b 60001'], null],
      ['from a later first step, the first being too early', ['a 0', 'a 50000', 'b 70000'], 20_000],
      ['by the latest first step of two', ['a 0', 'a 10', 'b 30'], 20],
      ['by the first time that it is reached', ['a 0', 'b 30', 'a 40', 'b 41'], 30],
      ['once, however often it is repeated', ['a 0', 'b 1', 'b 2', 'b 3'], 1],
      ['of a person with thousands of each', [...repeated('a', 0), ...repeated('b', 3_000)], 1_001],
    ])('finds two steps %s', async (name, done, time) => {
      const projectId = `prj_funnel ${name}`;
      const start = Date.parse(spring.from);
      const events = done
        .map((one) => one.split(' '))
        .map(([event = '', ms]) => ({ event, timestamp: start + Number(ms) }));
      await storeEvents(test.store, { projectId, partition: 200 + name.length }, events);
      const steps = [{ event: 'a' }, { event: 'b' }];
      const question = questionSchema.parse({ question: 'funnel', ...spring, steps, window_s: 60 });
      const { rows: answered } = await test.reader.ask(projectId, question);
      expect([answered[1]?.[2], answered[1]?.[5]]).toEqual([time === null ? 0 : 1, time]);
    });
  });
}
