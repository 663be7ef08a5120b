import { createRequire } from 'node:module';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { mendKafkajs } from './mend-kafkajs.ts';

const logger = { debug: () => undefined, warn: () => undefined };

beforeEach(async () => {
  await mendKafkajs();
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

/** A queue of a connection that is open, as kafkajs begins it. */
function openQueue() {
  const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const queue = new RequestQueue({
    requestTimeout: 1_000,
    enforceRequestTimeout: true,
    clientId: 'px',
    broker: 'b',
    logger,
  });
  queue.scheduleRequestTimeoutCheck();
  let correlationId = 0;
  return {
    queue,
    /** Sends a request; gives its number, and how it ended so far. */
    send(requestTimeout: number | null = null) {
      correlationId += 1;
      const told = { correlationId, end: '' };
      const entry = {
        apiName: 'Fetch',
        correlationId,
        resolve() {
          told.end = 'answered';
        },
        reject({ name }: Error) {
          told.end = name;
        },
      };
      queue.push({ entry, expectResponse: true, requestTimeout, sendRequest: () => undefined });
      return told;
    },
  };
}

it('sets no timer on a connection that asks for nothing', () => {
  const { queue, send } = openQueue();
  expect(vi.getTimerCount()).toBe(0);
  const { correlationId } = send();
  queue.fulfillRequest({ correlationId, payload: null, size: 0 });
  vi.advanceTimersByTime(1_001);
  expect(vi.getTimerCount()).toBe(0);
});

it('ends each request when its own time is over, and none that was answered', () => {
  const { queue, send } = openQueue();
  const patient = send(3_000);
  vi.advanceTimersByTime(600);
  const [answered, forgotten] = [send(), send()];
  queue.fulfillRequest({ correlationId: answered.correlationId, payload: null, size: 0 });
  vi.advanceTimersByTime(1_000);
  const late = send();
  expect([patient.end, answered.end, forgotten.end, late.end]).toEqual(['', 'answered', '', '']);
  vi.advanceTimersByTime(1);
  expect([patient.end, forgotten.end, late.end]).toEqual(['', 'KafkaJSRequestTimeoutError', '']);
  vi.advanceTimersByTime(1_000);
  expect([patient.end, late.end]).toEqual(['', 'KafkaJSRequestTimeoutError']);
  vi.advanceTimersByTime(400);
  expect(patient.end).toBe('KafkaJSRequestTimeoutError');
  expect(vi.getTimerCount()).toBe(0);
});

it('begins anew where the connection is opened again', () => {
  const { queue, send } = openQueue();
  send();
  queue.rejectAll(new Error('closed'));
  queue.destroy();
  queue.scheduleRequestTimeoutCheck();
  const next = send();
  vi.advanceTimersByTime(1_001);
  expect(next.end).toBe('KafkaJSRequestTimeoutError');
});
