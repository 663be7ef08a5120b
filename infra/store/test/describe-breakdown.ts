import { queryFields, questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from './open-test-store.ts';
import { eventId, storeEvents } from './store-events.ts';

const projectId = 'prj_break';
const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

/** Paths that try to be more than a path; none of them is stored. */
const hostilePaths = [
  "a') OR 1=1 --",
  "a'",
  "plan'} = 'x",
  'plan}',
  '{project:String}',
  'plan.:Int64',
  'plan.:Nothing',
  'plan[]',
  '^shop',
  'shop.^seats',
  'plan.null',
  'plan.size0',
  '.',
  '..',
  'plan.',
  '.plan',
  ' plan',
  '%',
  '"plan"',
  '💚',
  'x'.repeat(389),
];

/** Breakdowns, and the list of events. */
export function describeBreakdown(open: () => Promise<TestStore>): void {
  describe('a breakdown', () => {
    let test: TestStore;
    beforeAll(async () => {
      test = await open();
      await storeEvents(test.store, { projectId, partition: 110 }, [
        { country: 'DE', person_key: 'a', properties: { plan: 'pro', shop: { seats: 5 }, price: 1.5, paid: true } },
        { country: 'DE', person_key: 'a', properties: { plan: 'pro', 'shop.name': 'Kiosk', price: 2, paid: false } },
        { country: 'FR', person_key: 'b', properties: { plan: 'free', 'odd key ß': 'x', "qu'ote": 'q', list: [1, 2] } },
        { country: '', person_key: 'c', is_bot: true, properties: {} },
      ]);
      await storeEvents(test.store, { projectId: 'prj_break_other', partition: 111 }, [
        { country: 'US', properties: { plan: 'secret' } },
      ]);
    });

    const ask = async (by: string, own: object = {}): Promise<unknown[][]> => {
      const question = questionSchema.parse({ question: 'breakdown', ...range, by, ...own });
      return (await test.reader.ask(projectId, question)).rows;
    };
    const count = async (by: string, own: object = {}): Promise<unknown[][]> =>
      (await ask(by, own)).map((row) => row.slice(0, 2));

    it('counts events, visitors and sessions by a column, most events first, then by name', async () => {
      expect(await ask('country')).toEqual([
        ['DE', 2, 1, 1],
        ['', 1, 1, 1],
        ['FR', 1, 1, 1],
      ]);
      expect(await count('is_bot')).toEqual([
        ['false', 3],
        ['true', 1],
      ]);
    });

    it('counts by each field of the closed list: every one is a column', async () => {
      for (const field of queryFields) {
        const events = (await count(field)).reduce((sum, [, count]) => sum + Number(count), 0);
        expect({ field, events }).toEqual({ field, events: 4 });
      }
      expect(await count('source')).toEqual([['(direct)', 4]]);
      expect(await count('geo_timezone')).toEqual([['Europe/Berlin', 4]]);
    });

    it('leaves out what lies before "from" and at "to"', async () => {
      const instant = '2026-05-01T00:00:00.000Z';
      expect(await count('country', { from: instant, to: '2026-05-01T00:00:00.001Z' })).toHaveLength(3);
      expect(await count('country', { from: '2026-04-30T00:00:00Z', to: instant })).toEqual([]);
      expect(await count('country', { from: '2026-05-01T00:00:00.001Z' })).toEqual([]);
    });

    it('gives no more values than the limit', async () => {
      expect(await count('country', { limit: 1 })).toEqual([['DE', 2]]);
    });

    it.each([
      ['plan', ['pro', '', 'free']],
      ['price', ['', '1.5', '2']],
      ['paid', ['', 'false', 'true']],
      ['shop.seats', ['', '5']],
      ['shop.name', ['', 'Kiosk']],
      ['odd key ß', ['', 'x']],
      ["qu'ote", ['', 'q']],
      ['list', ['', '[1,2]']],
      ['nowhere', ['']],
    ])('counts by properties.%s', async (path, values) => {
      expect((await count(`properties.${path}`)).map(([value]) => value)).toEqual(values);
    });

    it.each(hostilePaths)('takes properties.%s for a path that no event has', async (path) => {
      expect(await count(`properties.${path}`)).toEqual([['', 4]]);
    });
  });

  describe('the events', () => {
    let test: TestStore;
    beforeAll(async () => {
      test = await open();
      const noon = Date.UTC(2026, 4, 1, 12);
      await storeEvents(test.store, { projectId: 'prj_list', partition: 112 }, [
        { timestamp: noon, event: 'first', properties: { deep: { list: [1, 'x', null], flag: true } } },
        { timestamp: noon + 2, event: 'third' },
        { timestamp: noon + 1, event: 'second' },
      ]);
    });

    it('come newest first, with their properties as they were, no more than the limit', async () => {
      const question = questionSchema.parse({ question: 'events', ...range });
      const answer = await test.reader.ask('prj_list', question);
      const column = (name: string): unknown[] => answer.rows.map((row) => row[answer.columns.indexOf(name)]);
      expect(column('event')).toEqual(['third', 'second', 'first']);
      expect(column('timestamp')[0]).toBe('2026-05-01T12:00:00.002Z');
      expect(column('event_id')[2]).toBe(eventId(112, 0));
      expect(column('is_bot')).toEqual([false, false, false]);
      expect(column('properties')[2]).toEqual({ deep: { list: [1, 'x', null], flag: true } });
      const one = questionSchema.parse({ question: 'events', ...range, limit: 1 });
      expect((await test.reader.ask('prj_list', one)).rows).toHaveLength(1);
    });
  });
}
