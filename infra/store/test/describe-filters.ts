import { questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from './open-test-store.ts';
import { storeEvents } from './store-events.ts';

const projectId = 'prj_filter';
const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

/** Values that try to leave their place in the statement. */
const hostileValues = [
  "' OR 1=1 --",
  "'; DROP TABLE events; --",
  '\\',
  "\\'",
  '{project:String}',
  '%',
  '_',
  '\\N',
  'NULL',
  "a','b",
  "[']",
  'tab\tnew line\nreturn\r',
  'nul\u0000inside',
  '💚',
  ' spaces ',
];

/** Every operator of a filter, and values that try to be more than a value. */
export function describeFilters(open: () => Promise<TestStore>): void {
  describe('a filter', () => {
    let test: TestStore;
    beforeAll(async () => {
      test = await open();
      await storeEvents(test.store, { projectId, partition: 120 }, [
        { event: 'a', browser: 'Firefox', properties: { n: 5, text: 'Basic plan', on: true } },
        { event: 'b', browser: 'Chrome', properties: { n: 5.5, text: 'basic', on: false } },
        { event: 'c', browser: '', is_bot: true, properties: { n: '5', text: '' } },
        { event: 'd', browser: 'Chrome Mobile', properties: { n: 1e300, text: 'nan' } },
        { event: 'e', browser: 'Safari', properties: { n: -3, nested: { n: 12_345_678_901 } } },
      ]);
      await storeEvents(
        test.store,
        { projectId: 'prj_hostile', partition: 121 },
        hostileValues.map((value, at) => ({ event: `h${at}`, title: value, properties: { value } })),
      );
    });

    const find = async (project: string, ...filters: object[]): Promise<string> => {
      const question = questionSchema.parse({ question: 'breakdown', ...range, by: 'event', filters });
      const { rows } = await test.reader.ask(project, question);
      return rows.map(([event]) => event).join(' ');
    };

    it.each([
      ['browser', 'eq', 'Chrome', 'b'],
      ['browser', 'ne', 'Chrome', 'a c d e'],
      ['browser', 'contains', 'hrome', 'b d'],
      ['browser', 'contains', '%', ''],
      ['browser', 'starts_with', 'Chrome M', 'd'],
      ['browser', 'in', ['Safari', 'Firefox'], 'a e'],
      ['browser', 'not_in', ['Safari', 'Firefox'], 'b c d'],
      ['browser', 'is_set', undefined, 'a b d e'],
      ['browser', 'is_not_set', undefined, 'c'],
      ['is_bot', 'eq', true, 'c'],
      ['is_bot', 'ne', true, 'a b d e'],
      ['properties.n', 'eq', 5, 'a c'],
      ['properties.n', 'eq', '5', 'a c'],
      ['properties.n', 'ne', 5, 'b d e'],
      ['properties.n', 'gt', 5, 'b d'],
      ['properties.n', 'gte', 5, 'a b c d'],
      ['properties.n', 'lt', 5, 'e'],
      ['properties.n', 'lte', 5, 'a c e'],
      ['properties.n', 'gt', 1e299, 'd'],
      ['properties.n', 'eq', 1e300, 'd'],
      ['properties.nested.n', 'gte', 12_345_678_901, 'e'],
      ['properties.on', 'eq', true, 'a'],
      ['properties.on', 'eq', false, 'b'],
      ['properties.on', 'is_set', undefined, 'a b'],
      ['properties.on', 'is_not_set', undefined, 'c d e'],
      ['properties.text', 'contains', 'asic', 'a b'],
      ['properties.text', 'gt', -1e308, ''],
      ['properties.nowhere', 'ne', 'x', 'a b c d e'],
      ['properties.nowhere', 'ne', 1, 'a b c d e'],
      ['properties.nowhere', 'is_set', undefined, ''],
    ])('%s %s %j finds "%s"', async (field, op, value, found) => {
      expect(await find(projectId, { field, op, ...(value === undefined ? {} : { value }) })).toBe(found);
    });

    it('holds together with others', async () => {
      const chrome = { field: 'browser', op: 'contains', value: 'Chrome' };
      expect(await find(projectId, chrome, { field: 'properties.n', op: 'gt', value: 6 })).toBe('d');
    });

    it.each(hostileValues.map((value, at) => [value, `h${at}`]))(
      'finds the one event with %j',
      async (value, event) => {
        for (const field of ['title', 'properties.value']) {
          expect(await find('prj_hostile', { field, op: 'eq', value })).toBe(event);
          expect(await find('prj_hostile', { field, op: 'in', value: [value, 'nothing'] })).toBe(event);
          expect(await find('prj_hostile', { field, op: 'ne', value })).not.toContain(`${event} `);
        }
      },
    );

    it('finds nothing by the name of another project, event or field', async () => {
      expect(await find("' OR 1=1 --")).toBe('');
      const question = { question: 'breakdown', ...range, by: 'event', event: "a' OR '1'='1" };
      expect((await test.reader.ask(projectId, questionSchema.parse(question))).rows).toEqual([]);
    });
  });
}
