import { encodeLogRecord } from '@px-platform/schemas';
import { describe, expect, it } from 'vitest';
import { makePipelineEvent } from '../../test/pipeline-event.ts';
import { decode } from './decode.ts';

const now = Date.UTC(2026, 10, 22, 12);
const { record } = makePipelineEvent();
const entry = (payload: Uint8Array | null) => ({ partition: 2, position: 7, appendedAt: 5, payload });

describe('decode', () => {
  it('gives the events of a record in order, with their place and the context beneath their own', () => {
    const [first] = record.events;
    if (first === undefined) throw new Error('the record has an event');
    const payload = encodeLogRecord({
      ...record,
      context: { locale: 'de', page: { path: '/batch' } },
      events: [first, { ...first, event: 'click', context: { page: { path: '/own' } } }],
    });
    const events = decode('log-a', { ...entry(payload), partitionCount: 12 }, now);
    if (!Array.isArray(events)) throw new Error('expected events');
    expect(events.map((event) => event.position)).toEqual([
      { logId: 'log-a', partition: 2, partitionCount: 12, offset: 7, index: 0, appendedAt: 5 },
      { logId: 'log-a', partition: 2, partitionCount: 12, offset: 7, index: 1, appendedAt: 5 },
    ]);
    expect(events.map((event) => event.context)).toEqual([
      { locale: 'de', page: { path: '/batch' } },
      { locale: 'de', page: { path: '/own' } },
    ]);
  });

  it('sets aside a record whose checksum fails, with its bytes and, as its own instant is lost, the present', () => {
    const damaged = Buffer.from('damaged bytes');
    expect(decode('log-a', { ...entry(null), appendedAt: 0, damaged }, now)).toMatchObject({
      reason: 'corrupt_record',
      offset: 7,
      index: -1,
      received_at: now,
      payload: damaged.toString('base64'),
    });
  });

  it('sets aside bytes that are no record, with the bytes', () => {
    for (const text of ['', 'not json', '[]', 'null', '{"v":2}', '{"v":1,"events":[{}]}', '{"v":1}']) {
      const payload = Buffer.from(text);
      expect(decode('log-a', entry(payload), now)).toMatchObject({
        reason: 'undecodable_record',
        payload: payload.toString('base64'),
      });
    }
  });
});
