import { expect, it } from 'vitest';
import { createRefusalPace } from './hold-refusals.ts';

function open() {
  const clock = { now: 0 };
  const pace = createRefusalPace(() => clock.now);
  const ask = (count: number, key = 'key', bytes = 100): number[] =>
    Array.from({ length: count }, () => pace.holdMs(key, bytes));
  return { clock, pace, ask };
}

it('lets twenty refusals of a key in a second go at once, and holds the next for a second', () => {
  const { clock, ask } = open();
  expect(ask(22)).toEqual([...Array(20).fill(0), 1_000, 1_000]);
  expect(ask(1, 'another key')).toEqual([0]);
  clock.now = 100;
  expect(ask(3)).toEqual([0, 0, 1_000]);
  clock.now = 60_000;
  expect(ask(21)).toEqual([...Array(20).fill(0), 1_000]);
});

it('holds 512 at most, and again as these are answered', () => {
  const { pace, ask } = open();
  ask(20);
  expect(new Set(ask(512))).toEqual(new Set([1_000]));
  expect(ask(1)).toEqual([0]);
  pace.released();
  expect(ask(2)).toEqual([1_000, 0]);
});

it('holds nothing that takes much room', () => {
  const { ask } = open();
  ask(20);
  expect(ask(1, 'key', 64 * 1024 + 1)).toEqual([0]);
  expect(ask(1, 'key', 64 * 1024)).toEqual([1_000]);
});

it('remembers ten thousand keys', () => {
  const { ask } = open();
  ask(20, 'first');
  for (let at = 0; at < 9_999; at += 1) ask(1, `key ${at}`);
  expect(ask(1, 'first')).toEqual([1_000]);
  ask(1, 'one more');
  expect(ask(1, 'first')).toEqual([0]);
});
