import { MessageChannel } from 'node:worker_threads';
import { askOver, isAppError, serveCalls } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import { describeLogConformance } from '../test/describe-log-conformance.ts';
import type { AppendRecord } from './event-log.ts';
import { connectEventLog, toLogCalls } from './log-over-port.ts';
import { createMemoryDisk, createMemoryLog, type MemoryDisk } from './memory.ts';

const places = new Map<string, MemoryDisk>();

describeLogConformance('a log written to over a port', ({ place, ...settings }) => {
  const disk = places.get(place) ?? createMemoryDisk();
  places.set(place, disk);
  const log = createMemoryLog({ ...settings, disk });
  const { port1, port2 } = new MessageChannel();
  serveCalls(port1, toLogCalls(log, 'log'));
  const connected = connectEventLog(askOver(port2), 'log');
  return {
    ...log,
    append: connected.append,
    status: connected.status,
    async close() {
      await connected.close();
      await log.close();
      port2.close();
    },
  };
});

const toRecord = (text: string): AppendRecord => ({ key: 'k', payload: Buffer.from(text) });

it('sends the appends of one turn in one message, and tells each what became of it', async () => {
  const log = createMemoryLog({ partitions: 1, maxBytes: 40, clock: () => 0 });
  const { port1, port2 } = new MessageChannel();
  serveCalls(port1, toLogCalls(log, 'log'));
  let messages = 0;
  port1.on('message', () => (messages += 1));
  const connected = connectEventLog(askOver(port2), 'log');
  const [first, tooLarge, last] = await Promise.allSettled([
    connected.append([toRecord('a')]),
    connected.append([toRecord('x'.repeat(100))]),
    connected.append([toRecord('b')]),
  ]);
  expect(first).toEqual({ status: 'fulfilled', value: [{ partition: 0, position: 0 }] });
  expect(tooLarge.status === 'rejected' && isAppError(tooLarge.reason, 'log_full')).toBe(true);
  expect(last).toEqual({ status: 'fulfilled', value: [{ partition: 0, position: 1 }] });
  expect(messages).toBe(1);
  port2.close();
});

it('answers that the log is away where its process has ended', async () => {
  const { port1, port2 } = new MessageChannel();
  const connected = connectEventLog(askOver(port2), 'log');
  const appending = connected.append([toRecord('a')]);
  port1.close();
  await expect(appending).rejects.toMatchObject({ code: 'log_unavailable' });
});
