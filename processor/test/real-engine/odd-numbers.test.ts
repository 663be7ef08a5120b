import { encodeLogRecord } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePipelineEvent } from '../pipeline-event.ts';
import { openPipeline, type RealPipeline, toEventId } from './open-pipeline.ts';

let pipeline: RealPipeline;
beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline.close());

/** A number as JSON writes it, what an export gives of it, and what a breakdown calls it; '' where it is not there. */
const numbers: readonly (readonly [given: string, exported: unknown, called: string])[] = [
  ['9007199254740991', 9_007_199_254_740_991, '9007199254740991'],
  ['9007199254740993', 9_007_199_254_740_992, '9007199254740992'],
  ['-9007199254740993', -9_007_199_254_740_992, '-9007199254740992'],
  ['9223372036854775807', 9_223_372_036_854_776_000, '9223372036854776000'],
  ['18446744073709551615', 2 ** 64, '18446744073709552000'],
  ['18446744073709551616', 2 ** 64, '18446744073709552000'],
  ['-9223372036854775809', -(2 ** 63), '-9223372036854776000'],
  ['12345678901234567890123', 1.2345678901234568e22, '1.2345678901234568e22'],
  ['1e308', 1e308, '1e308'],
  ['5e-324', 5e-324, '5e-324'],
  ['1e400', undefined, ''],
  ['-1e400', undefined, ''],
  ['1e-400', 0, '0'],
  ['-0', 0, '0'],
  ['-0.0', 0, '0'],
  ['0.1', 0.1, '0.1'],
  ['1.0', 1, '1'],
];

/** The bytes of a record as another writer may have put it: the number as given, in a property, a list, an object and a trait. */
function toBytes(projectId: string, given: string): Uint8Array {
  const event = { event: 'identify', event_id: toEventId(), anonymous_id: 'anna', user_id: 'user-1' };
  const bags = { properties: { n: 'MARK', list: ['MARK'], deep: { n: 'MARK' } }, traits: { n: 'MARK' } };
  const { record } = makePipelineEvent({
    record: { project_id: projectId, person_key: 'anna', received_at: Date.now(), events: [{ ...event, ...bags }] },
  });
  return Buffer.from(encodeLogRecord(record).toString().replaceAll('"MARK"', given));
}

describe('a number of an event', () => {
  it('is stored as a double or, beyond all doubles, as nothing; none is refused or holds the others up', async () => {
    for (const [at, [given]] of numbers.entries()) await pipeline.appendBytes(toBytes(`prj_numbers_${at}`, given));
    await pipeline.drain();
    expect(await pipeline.store.reader.deadLetters(null, 10)).toEqual([]);
    for (const [at, [given, exported, called]] of numbers.entries()) {
      const projectId = `prj_numbers_${at}`;
      const stored: unknown[] = [];
      for await (const page of pipeline.store.reader.exportRows(projectId, { from: 0, to: Date.now() + 60_000 }))
        stored.push(...page.map((row) => row['properties']));
      const isThere = exported !== undefined;
      expect([given, stored]).toEqual([
        given,
        [{ ...(isThere ? { n: exported, deep: { n: exported } } : {}), list: [isThere ? exported : null] }],
      ]);
      const rows = await pipeline.ask(projectId, { question: 'breakdown', by: 'properties.n' });
      expect([given, rows.map(([by, count]) => [by, count])]).toEqual([given, [[called, 1]]]);
      const person = await pipeline.store.identity.personOf(projectId, 'user-1');
      expect([given, person?.properties]).toEqual([given, { n: isThere ? exported : null }]);
    }
  });

  it('is compared by its size, far beyond 64 bits too', async () => {
    const projectId = 'prj_compared';
    for (const given of ['-12345678901234567890123', '-0', '9007199254740993', '12345678901234567890123', '1e400'])
      await pipeline.appendBytes(toBytes(projectId, given));
    await pipeline.drain();
    const count = async (op: string, value: number) => {
      const filters = [{ field: 'properties.n', op, value }];
      const rows = await pipeline.ask(projectId, { question: 'breakdown', by: 'event', filters });
      return rows[0]?.[1] ?? 0;
    };
    expect(await count('gt', 1e22)).toBe(1);
    expect(await count('gte', 9_007_199_254_740_992)).toBe(2);
    expect(await count('lt', 0)).toBe(1);
    expect(await count('lte', 0)).toBe(2);
  });
});
