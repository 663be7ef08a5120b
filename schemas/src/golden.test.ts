import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { toDeadLetterMessage } from './dead-letter-message.ts';
import { type DeadLetter, eventColumns } from './event-row.ts';
import { encodeLogRecord, parseLogRecord, toRecordKey } from './log-record.ts';
import { problemStatus } from './problem.ts';
import { batchEnvelopeSchema, wireEventSchema } from './wire-event-schema.ts';

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
}

function readRecord(): NonNullable<ReturnType<typeof parseLogRecord>> {
  const record = parseLogRecord(Buffer.from(JSON.stringify(read('log-record'))));
  if (record === null) throw new Error('golden/log-record.json is no record');
  return record;
}

const readRow = (): Record<string, unknown> => z.record(z.string(), z.unknown()).parse(read('event-row'));

it('the batch is what a client may send', () => {
  const envelope = batchEnvelopeSchema.parse(read('wire-batch'));
  const events = envelope.events.map((event) => wireEventSchema.parse(event));
  // Nothing in it is dropped or changed by parsing.
  expect({ ...envelope, events }).toEqual(read('wire-batch'));
});

it('the record is what the log holds, byte for byte', () => {
  const record = readRecord();
  expect(parseLogRecord(encodeLogRecord(record))).toEqual(read('log-record'));
  expect(toRecordKey(record.project_id, record.person_key)).toBe('prj_golden:019de360-3c00-7abc-8def-0123456789ab');
});

const letterSchema = z.object({
  reason: z.string(),
  stage: z.string(),
  message: z.string(),
  project_id: z.string(),
  log: z.string(),
  partition: z.int(),
  offset: z.int(),
  index: z.int(),
  received_at: z.int(),
  retain_until: z.string(),
  payload: z.string(),
}) satisfies z.ZodType<DeadLetter>;

it('the dead letter is what its topic holds, in whole and cut', () => {
  const golden = z.record(z.string(), z.unknown()).parse(read('dead-letter'));
  const letter = letterSchema.parse(golden);
  expect(toDeadLetterMessage(letter, { topic: 'events.v1', maxPayloadBytes: 7 })).toEqual(golden);
  const cut = toDeadLetterMessage(letter, { topic: 'events.v1', maxPayloadBytes: 4 });
  expect(cut).toEqual({ ...golden, payload: 'eyJ2Ig==', is_cut: true });
});

it('the row has exactly the columns of `events`', () => {
  expect(Object.keys(readRow())).toEqual([...eventColumns]);
  for (const [column, value] of Object.entries(readRow())) {
    expect({ column, isKnown: value !== null && value !== undefined }).toEqual({ column, isKnown: true });
  }
});

it('the answer has a value for each column', () => {
  const answer = z
    .strictObject({
      columns: z.array(z.string()),
      rows: z.array(z.array(z.unknown())),
      elapsed_ms: z.number(),
      rows_read: z.number(),
    })
    .parse(read('query-answer'));
  for (const row of answer.rows) expect(row).toHaveLength(answer.columns.length);
});

it('the problem is of the closed list', () => {
  const problem = z
    .strictObject({
      error: z.strictObject({
        code: z.enum(Object.keys(problemStatus)),
        message: z.string().min(1),
        request_id: z.string().min(1),
        details: z.record(z.string(), z.unknown()).optional(),
      }),
    })
    .parse(read('problem'));
  // A size problem names the size, the limit and the unit.
  expect(problem.error.details).toEqual({ size: 51, limit: 50, unit: 'events' });
});

it('one event goes through all of them', () => {
  const { events, ...batch } = batchEnvelopeSchema.parse(read('wire-batch'));
  const sent = wireEventSchema.parse(events[0]);
  const record = readRecord();
  const row = readRow();
  const accepted = record.events[0];
  expect(accepted).toEqual({
    ...sent,
    anonymous_id: batch.anonymous_id,
    schema_violation: 'properties.price: type',
  });
  expect(record).toMatchObject({ context: batch.context, session_id: batch.session_id });
  expect(record.sent_at).toBe(Date.parse(batch.sent_at ?? ''));
  expect(row).toMatchObject({
    event: sent.event,
    event_id: sent.event_id,
    timestamp: Date.parse(sent.timestamp ?? ''),
    properties: sent.properties,
    person_key: batch.anonymous_id,
    session_id: batch.session_id,
    project_id: record.project_id,
    tenant_id: record.tenant_id,
    received_at: record.received_at,
    ip: '',
    schema_violation: accepted?.schema_violation,
  });
});
