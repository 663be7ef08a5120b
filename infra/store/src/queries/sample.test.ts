import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { questionOf } from '../../test/questions/question-of.ts';
import { storeEvents } from '../../test/store-events.ts';

const project = 'prj_busy';
const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
let test: TestStore;

beforeAll(async () => {
  test = await openEmbeddedTestStore();
  // Whose hash a sample of a part of the persons leaves out.
  const { rows } = await test.engine.ask({
    sql: "SELECT 'robot ' || toString(number) FROM numbers(1000) WHERE cityHash64('robot ' || toString(number)) > toUInt64(1.8e19) LIMIT 1",
    params: {},
  });
  const busy = String(rows[0]?.[0]);
  const events = Array.from({ length: 12_000 }, (_, at) => {
    const anonymous_id = at % 100 === 0 ? `visitor ${at}` : busy;
    return { anonymous_id, person_key: anonymous_id, properties: { of: anonymous_id === busy ? 'one' : 'others' } };
  });
  await storeEvents(test.store, { projectId: project, partition: 0 }, events);
});
afterAll(() => test.store.close());

it('tells of a person who did nearly all there is, and is left out of the sample of persons', async () => {
  const values = await test.reader.ask(
    project,
    questionOf('property_values', { question: 'property_values', ...range, field: 'properties.of' }),
  );
  const counts = new Map(values.rows.map(([value, events]) => [value, Number(events)]));
  expect(counts.get('one')).toBeGreaterThan(100);
  expect(counts.get('others')).toBeGreaterThan(50);
  const keys = await test.reader.ask(project, questionOf('property_keys', { question: 'property_keys', ...range }));
  expect(keys.rows.map(([key]) => key)).toEqual(['of']);
});
