import { createMemoryLog } from '@px-platform/log';
import { AppError, type AppErrorCode, createLogger } from '@px-platform/runtime';
import { type DeadLetter, encodeLogRecord } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import { makePipelineEvent } from '../../test/pipeline-event.ts';
import { createProcessorMetrics } from '../metrics.ts';
import { createLetterTopic } from './letter-topic.ts';

const kibibyte = 1024;

function makeLetter(offset: number, payload: Buffer): DeadLetter {
  return {
    reason: 'row_refused',
    stage: 'store',
    message: 'no',
    project_id: 'prj_1',
    log: 'log-1',
    partition: 2,
    offset,
    index: 0,
    received_at: 1_000,
    payload: payload.toString('base64'),
  };
}

function makeRecord(person_key: string): Buffer {
  return encodeLogRecord(makePipelineEvent({ record: { project_id: 'prj_1', person_key } }).record);
}

/** A topic on a log in memory that takes messages of at most `maxBytes`; `trouble` is thrown in place of what is asked, until it is taken away. */
function openTopic(maxBytes: number) {
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => 0 });
  const metrics = createProcessorMetrics();
  const trouble: { append: AppErrorCode | null; open: AppErrorCode | null } = { append: null, open: null };
  const keys: string[] = [];
  let opened = 0;
  const letters = createLetterTopic({
    async open() {
      if (trouble.open !== null) throw new AppError(trouble.open, 'not now');
      opened += 1;
      return {
        ...log,
        async append(records) {
          if (trouble.append !== null) throw new AppError(trouble.append, 'not now');
          if (records.some(({ payload }) => payload.length > maxBytes)) throw new AppError('log_refused_records', 'no');
          keys.push(...records.map(({ key }) => key));
          return log.append(records);
        },
        close: async () => undefined,
      };
    },
    metrics,
    logger: createLogger({ level: 'silent', name: 'test' }),
  });
  return {
    letters,
    keys,
    trouble,
    opened: () => opened,
    async read(): Promise<Record<string, unknown>[]> {
      const entries = await log.read(0, 0, { maxRecords: 1e6, maxBytes: 1e9 });
      return entries.map(({ payload }) => JSON.parse(Buffer.from(payload ?? []).toString()));
    },
    async outcomes(): Promise<Record<string, number>> {
      const { values } = await metrics.publishedLetters.get();
      return Object.fromEntries(values.map(({ labels, value }) => [String(labels.outcome), value]));
    },
  };
}

it('publishes each letter under the key of its record, or of its place where it is none', async () => {
  const { letters, keys, read, outcomes } = openTopic(1024 * kibibyte);
  const record = makeRecord('anna');
  await letters.publish([makeLetter(7, record), makeLetter(8, Buffer.from('no record'))], 'events.v1');
  expect(keys).toEqual(['prj_1:anna', 'log-1:2']);
  const { payload, ...letter } = makeLetter(7, record);
  expect((await read())[0]).toEqual({
    v: 1,
    letter_id: 'log-1:2:7:0:row_refused',
    topic: 'events.v1',
    ...letter,
    payload,
    payload_bytes: record.length,
    is_cut: false,
  });
  expect(await outcomes()).toEqual({ whole: 2 });
});

it('cuts what is larger than a record of ours, and further what the topic does not take', async () => {
  const { letters, read, outcomes } = openTopic(100 * kibibyte);
  const large = Buffer.alloc(2_000 * kibibyte, 'x');
  await letters.publish([makeLetter(1, large), makeLetter(2, Buffer.from('small'))], 'events.v1');
  const kept = (await read()).map(({ offset, payload, payload_bytes, is_cut }) => {
    return [offset, Buffer.from(String(payload), 'base64').length, payload_bytes, is_cut];
  });
  expect(kept.toSorted()).toEqual([
    [1, 16 * kibibyte, 2_000 * kibibyte, true],
    [2, 5, 5, false],
  ]);
  expect(await outcomes()).toEqual({ cut: 1, whole: 1 });
});

it('counts what the topic will not take in any size, and publishes the others', async () => {
  const { letters, read, outcomes } = openTopic(2 * kibibyte);
  await letters.publish([makeLetter(1, Buffer.alloc(64 * kibibyte)), makeLetter(2, Buffer.from('small'))], 'events.v1');
  expect((await read()).map(({ offset }) => offset)).toEqual([2]);
  expect(await outcomes()).toEqual({ failed: 1, whole: 1 });
});

it('asks to be tried again while brokers are away, and then opens the topic anew', async () => {
  const { letters, trouble, opened, read } = openTopic(1024 * kibibyte);
  await letters.publish([makeLetter(1, Buffer.from('a'))], 'events.v1');
  trouble.append = 'log_unavailable';
  const again = [makeLetter(2, Buffer.from('b')), makeLetter(3, Buffer.from('c'))];
  await expect(letters.publish(again, 'events.v1')).rejects.toMatchObject({ code: 'log_unavailable' });
  trouble.append = null;
  trouble.open = 'log_unavailable';
  await expect(letters.publish(again, 'events.v1')).rejects.toMatchObject({ code: 'log_unavailable' });
  trouble.open = null;
  await letters.publish(again, 'events.v1');
  expect((await read()).map(({ offset }) => offset)).toEqual([1, 2, 3]);
  expect(opened()).toBe(2);
});

it('goes on, and counts, where the topic is gone and may not be made', async () => {
  const { letters, trouble, outcomes, read } = openTopic(1024 * kibibyte);
  trouble.open = 'config_invalid';
  await letters.publish([makeLetter(1, Buffer.from('a')), makeLetter(2, Buffer.from('b'))], 'events.v1');
  expect(await outcomes()).toEqual({ failed: 2 });
  trouble.open = null;
  await letters.publish([makeLetter(3, Buffer.from('c'))], 'events.v1');
  expect((await read()).map(({ offset }) => offset)).toEqual([3]);
});
