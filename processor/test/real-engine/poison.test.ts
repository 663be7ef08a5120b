import { type AcceptedEvent, encodeLogRecord } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePipelineEvent } from '../pipeline-event.ts';
import { openPipeline, type RealPipeline, toEventId } from './open-pipeline.ts';

let pipeline: RealPipeline;
beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline.close());

const event = (own: Partial<AcceptedEvent> = {}): AcceptedEvent => ({
  event: 'good',
  event_id: toEventId(),
  anonymous_id: 'anna',
  ...own,
});
/** The bytes of a record with one event, its text changed. */
function toBytes(projectId: string, own: Partial<AcceptedEvent>, change: (text: string) => string = (text) => text) {
  const { record } = makePipelineEvent({
    record: {
      project_id: projectId,
      received_at: Date.now(),
      events: [event({ event: 'poison', timestamp: new Date().toISOString(), ...own })],
    },
  });
  return Buffer.from(change(encodeLogRecord(record).toString()));
}
const nest = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const withMark = (put: string) => (text: string) => text.replace('"MARK"', put);
const marked: Partial<AcceptedEvent> = { properties: { x: 'MARK' } };

const poisons: readonly (readonly [name: string, toBytes: (projectId: string) => Uint8Array, becomes: string])[] = [
  ['no bytes', () => Buffer.alloc(0), 'undecodable_record'],
  ['not JSON', () => Buffer.from('garbage'), 'undecodable_record'],
  ['cut off', (id) => toBytes(id, {}, (text) => text.slice(0, -20)), 'undecodable_record'],
  ['another shape', () => Buffer.from('{"v":1,"events":[]}'), 'undecodable_record'],
  ['properties nested 100,000 deep', (id) => toBytes(id, marked, withMark(nest(100_000))), 'undecodable_record'],
  [
    'lists nested 100,000 deep',
    (id) => toBytes(id, marked, withMark('['.repeat(1e5) + ']'.repeat(1e5))),
    'undecodable_record',
  ],
  ['properties nested 1,500 deep', (id) => toBytes(id, marked, withMark(nest(1_500))), 'undecodable_record'],
  [
    'a context nested 100,000 deep',
    (id) => toBytes(id, { context: { locale: 'MARK' } }, withMark(nest(100_000))),
    'undecodable_record',
  ],
  [
    'a receipt at 1e400',
    (id) => toBytes(id, {}, (text) => text.replace(/"received_at":\d+/, '"received_at":1e400')),
    'undecodable_record',
  ],
  [
    'a receipt at 1e300',
    (id) => toBytes(id, {}, (text) => text.replace(/"received_at":\d+/, '"received_at":1e300')),
    'stored',
  ],
  [
    'a sending at -1e300',
    (id) => toBytes(id, {}, (text) => text.replace('"sent_at":null', '"sent_at":-1e300')),
    'row_refused',
  ],
  [
    'a retention of 1e300 days',
    (id) => toBytes(id, {}, (text) => text.replace(/"retention_days":\d+/, '"retention_days":1e300')),
    'stored',
  ],
  [
    'properties that are a list',
    (id) => toBytes(id, {}, (text) => text.replace('"event":"poison"', '"event":"poison","properties":[1]')),
    'row_refused',
  ],
  [
    'a screen that is text',
    (id) =>
      toBytes(id, {}, (text) =>
        text.replace('"event":"poison"', '"event":"poison","context":{"screen":{"width":"wide"}}'),
      ),
    'row_refused',
  ],
  [
    'a page that is null',
    (id) =>
      toBytes(id, {}, (text) =>
        text.replace('"event":"poison"', '"event":"poison","context":{"page":null,"campaign":7,"consent":null}'),
      ),
    'stored',
  ],
  ['a number of 400 digits', (id) => toBytes(id, marked, withMark('9'.repeat(400))), 'stored'],
  ['a number of 30 digits', (id) => toBytes(id, marked, withMark('9'.repeat(30))), 'stored'],
  ['a lone surrogate', (id) => toBytes(id, marked, withMark('"\\ud800"')), 'row_refused'],
  ['NUL in a key', (id) => toBytes(id, { properties: { 'a\u0000b': 1 } }), 'stored'],
  ['a time in words', (id) => toBytes(id, { timestamp: 'yesterday' }), 'stage_failed'],
  [
    'a look-up that throws',
    (id) => toBytes(id, {}, (text) => text.replace('"ip":""', '"ip":"8.8.8.66"')),
    'stage_failed',
  ],
];

describe('poison records', () => {
  it('are stored or set aside, each with its reason, and hold nothing up', async () => {
    for (const [at, [, toPoison]] of poisons.entries()) {
      await pipeline.append(`prj_poison_${at}`, [event(), event()]);
      await pipeline.appendBytes(toPoison(`prj_poison_${at}`));
      await pipeline.append(`prj_poison_${at}`, [event()]);
    }
    await pipeline.drain();
    const letters = await pipeline.store.reader.deadLetters(null, 1_000);
    const outcomes: string[] = [];
    for (const [at, [name]] of poisons.entries()) {
      // The record of the poison is the second of the three.
      const letter = letters.find((one) => one.offset === at * 3 + 1);
      const rows = await pipeline.ask(`prj_poison_${at}`, { question: 'breakdown', by: 'event' });
      const counts = Object.fromEntries(rows.map(([by, count]) => [by, count]));
      expect([name, counts['good']]).toEqual([name, 3]);
      outcomes.push(
        `${name}: ${[letter?.reason, counts['poison'] === 1 ? 'stored' : undefined].filter(Boolean).join(' and ')}`,
      );
    }
    expect(outcomes).toEqual(poisons.map(([name, , becomes]) => `${name}: ${becomes}`));
  });
});
