import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEarlyHold } from './hold-early.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

function open(maxHeld = 100) {
  const stopping = new AbortController();
  const hold = createEarlyHold({ stopwatch: () => Date.now(), maxHeld, stopping: stopping.signal });
  const answered: string[] = [];
  const refuse = (connection: object, name: string): void => hold.whenDue(connection, () => answered.push(name));
  return { stopping, answered, refuse };
}

it('refuses at once, and who then asks on the same connection within a second a second later', () => {
  const { answered, refuse } = open();
  const [early, other] = [{}, {}];
  refuse(early, 'first');
  vi.advanceTimersByTime(999);
  refuse(early, 'early');
  refuse(other, 'other');
  expect(answered).toEqual(['first', 'other']);
  vi.advanceTimersByTime(999);
  expect(answered).toEqual(['first', 'other']);
  vi.advanceTimersByTime(1);
  expect(answered).toEqual(['first', 'other', 'early']);
});

it('counts the second from the answer, not from the request', () => {
  const { answered, refuse } = open();
  const connection = {};
  refuse(connection, 'first');
  refuse(connection, 'second');
  vi.advanceTimersByTime(1_000);
  vi.advanceTimersByTime(999);
  refuse(connection, 'early');
  expect(answered).toEqual(['first', 'second']);
  vi.advanceTimersByTime(1_000);
  expect(answered).toEqual(['first', 'second', 'early']);
  vi.advanceTimersByTime(1_000);
  refuse(connection, 'in time');
  expect(answered).toEqual(['first', 'second', 'early', 'in time']);
});

it('holds so many and no more, and again once these are answered', () => {
  const { answered, refuse } = open(2);
  const connections = [{}, {}, {}];
  for (const connection of connections) refuse(connection, 'first');
  for (const [at, connection] of connections.entries()) refuse(connection, `early ${at}`);
  expect(answered).toEqual(['first', 'first', 'first', 'early 2']);
  vi.advanceTimersByTime(1_000);
  expect(answered.slice(4)).toEqual(['early 0', 'early 1']);
  for (const connection of connections) refuse(connection, 'again');
  expect(answered.slice(6)).toEqual(['again']);
});

it('answers all that it holds once the server stops, and holds no more', () => {
  const { answered, refuse, stopping } = open();
  const connections = [{}, {}];
  for (const connection of connections) refuse(connection, 'first');
  for (const connection of connections) refuse(connection, 'early');
  stopping.abort();
  expect(answered).toEqual(['first', 'first', 'early', 'early']);
  for (const connection of connections) refuse(connection, 'late');
  expect(answered.slice(4)).toEqual(['late', 'late']);
  expect(vi.getTimerCount()).toBe(0);
});
