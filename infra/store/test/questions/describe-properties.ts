import { type EventRow, type QueryAnswer, questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AskHistory, HistoryStore } from './open-history.ts';
import { inRank } from './select-rows.ts';

const range = { from: '2026-03-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
const crowd = 200_000;
const oneMonth = { from: '2027-01-01T00:00:00Z', to: '2027-02-01T00:00:00Z' };
const eventsOfOne = 30_000;

/** Suggestions: those of a small project from all of its events, those of a large one from a part. */
export function describeProperties(open: () => Promise<HistoryStore>): void {
  describe('suggestions', () => {
    let rows: EventRow[];
    let ask: AskHistory;
    let test: HistoryStore;
    beforeAll(async () => {
      test = await open();
      ({ rows, ask } = test);
    });
    const names = (answer: QueryAnswer): unknown[] => answer.rows.map(([name]) => name);

    it('are the keys and values that events bear, the most frequent first', async () => {
      expect(names(await ask({ question: 'property_keys', ...range })).toSorted()).toEqual([
        'engaged_ms',
        'plan',
        'seats',
      ]);
      const byPath = Map.groupBy(rows, (row) => row.path);
      const counted = [...byPath].map(([path, of]): [string, number] => [path, of.length]);
      const paths = names(await ask({ question: 'property_values', field: 'path', ...range }));
      expect(paths.toSorted()).toEqual(counted.map(([path]) => path).toSorted());
      const plans = await ask({ question: 'property_values', field: 'properties.plan', ...range });
      expect(plans.columns).toEqual(['value', 'events']);
      expect(names(plans).toSorted()).toEqual(['free', 'pro']);
      expect(plans.rows).toEqual(
        inRank(
          plans.rows.map(([value, count]) => [String(value), Number(count)]),
          1,
        ),
      );
    });

    it('hold what is searched for, as it is and in any case', async () => {
      expect(names(await ask({ question: 'property_keys', search: 'EAT', ...range }))).toEqual(['seats']);
      expect(names(await ask({ question: 'property_keys', search: '%', ...range }))).toEqual([]);
      expect(names(await ask({ question: 'property_values', field: 'path', search: 'GRÖß', ...range }))).toEqual([
        '/größe',
      ]);
      expect(names(await ask({ question: 'property_values', field: 'path', search: "o'b", ...range }))).toEqual([
        "/o'brien",
      ]);
    });

    it('are of one event where it is named, of the days asked, no more than the limit', async () => {
      const signups = await ask({ question: 'property_values', field: 'event', event: 'signup', ...range });
      expect(names(signups)).toEqual(['signup']);
      const before = { from: '2020-01-01T00:00:00Z', to: '2020-06-01T00:00:00Z' };
      expect(names(await ask({ question: 'property_keys', ...before }))).toEqual([]);
      expect(names(await ask({ question: 'property_values', field: 'path', limit: 2, ...range }))).toHaveLength(2);
    });

    it('read a part of a large project, and find what one event in a thousand bears', async () => {
      await test.engine.run({ sql: insertCrowd, params: {} });
      const asked = async (question: object): Promise<QueryAnswer> =>
        test.reader.ask('prj_crowd', questionSchema.parse({ ...range, ...question }));
      const all = await asked({ question: 'breakdown', by: 'event' });
      expect(all.rows_read).toBeGreaterThanOrEqual(crowd);
      const keys = await asked({ question: 'property_keys' });
      expect(names(keys).toSorted()).toEqual(['number', 'plan', 'rare']);
      const values = await asked({ question: 'property_values', field: 'event' });
      expect(names(values).toSorted()).toEqual(['a', 'b']);
      for (const answer of [keys, values]) expect(answer.rows_read).toBeLessThan(crowd / 2);
    });

    it('are there where one person did nearly everything, whoever it is', async () => {
      for (const person of ['one', 'two', 'three', 'four']) {
        const project = `prj_${person}`;
        await test.engine.run({ sql: insertOnePerson, params: { project, person } });
        const asked = async (question: object): Promise<QueryAnswer> =>
          test.reader.ask(project, questionSchema.parse({ ...oneMonth, ...question }));
        expect(names(await asked({ question: 'property_keys' }))).toEqual(['plan']);
        const values = await asked({ question: 'property_values', field: 'properties.plan' });
        expect(names(values)).toEqual(['pro']);
      }
    });
  });
}

const insertCrowd = `
INSERT INTO events (project_id, day, event, event_id, anonymous_id, timestamp, properties, retain_until)
SELECT 'prj_crowd', '2026-05-05', ['a', 'b'][1 + number % 2],
    toUUID(concat('0190dddd-0000-7000-8000-', leftPad(toString(number), 12, '0'))), toString(number % 50000), '2026-05-05 12:00:00',
    if(number % 999 = 0, '{"rare":1}', concat('{"plan":"pro","number":', toString(number % 10), '}')), '2149-01-01'
FROM numbers(${crowd})`;

/** In a month of their own: what other questions read is counted. */
const insertOnePerson = `
INSERT INTO events (project_id, day, event, event_id, anonymous_id, timestamp, properties, retain_until)
SELECT {project:String}, '2027-01-05', 'a', toUUID(concat('0190dddd-0000-7000-8000-', leftPad(toString(number), 12, '0'))),
    {person:String}, '2027-01-05 12:00:00', '{"plan":"pro"}', '2149-01-01'
FROM numbers(${eventsOfOne})`;
