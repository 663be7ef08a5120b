import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createWorkLine } from './work-line.ts';

/** `workMs`: how long each takes. */
function open(workMs = 0) {
  const clock = { now: 0 };
  const waited: number[] = [];
  const line = createWorkLine(
    () => clock.now,
    (ms) => waited.push(ms),
  );
  const begun: string[] = [];
  const work = (name: string): void => {
    begun.push(name);
    clock.now += workMs;
  };
  const enter = (name: string): void => {
    const turn = line.enter();
    if (turn === null) work(name);
    else turn.then(() => work(name));
  };
  return { clock, waited, line, begun, enter };
}

it('lets work begin at once while the turn is young, and from then on in order, a slice of time a turn', async () => {
  const { clock, begun, enter, line } = open(2);
  enter('at once');
  clock.now = 5;
  for (let at = 0; at < 10; at += 1) enter(`later ${at}`);
  expect(begun).toEqual(['at once']);
  await nextTurn();
  // 5 ms of work of 2 ms each, begun at 0, 2 and 4.
  expect(begun).toHaveLength(1 + 3);
  enter('last');
  await nextTurn();
  expect(begun).toHaveLength(1 + 3 + 3);
  for (let turn = 0; turn < 2; turn += 1) await nextTurn();
  expect(begun).toEqual(['at once', ...Array.from({ length: 10 }, (_, at) => `later ${at}`), 'last']);
  expect(line.enter()).toBeNull();
});

it.each([
  ['as long as all else took', 7, 4],
  ['but no longer than 10 ms', 1_000, 5],
  ['and 5 ms at least', 0, 3],
])('works off what was left of the turn before: %s', async (_name, otherMs, more) => {
  const { clock, begun, enter } = open(2);
  enter('at once');
  clock.now = 5;
  for (let at = 0; at < 100; at += 1) enter('later');
  await nextTurn();
  expect(begun).toHaveLength(1 + 3);
  clock.now += otherMs;
  await nextTurn();
  expect(begun).toHaveLength(1 + 3 + more);
});

it('is as old as its first, once it is long, and tells how long each waited', async () => {
  const { clock, enter, line, waited } = open();
  enter('at once');
  clock.now = 5;
  for (let at = 0; at < 63; at += 1) enter('waits');
  clock.now = 500;
  expect(line.ageMs()).toBe(0);
  enter('waits too');
  expect(line.ageMs()).toBe(495);
  await nextTurn();
  expect(waited).toEqual([...Array(63).fill(495), 0]);
  expect(line.ageMs()).toBe(0);
});

it('keeps order and loses none over thousands', async () => {
  const { clock, enter, begun, line } = open();
  enter('0');
  clock.now = 5;
  for (let at = 1; at < 3_000; at += 1) enter(String(at));
  while (begun.length < 3_000) await nextTurn();
  expect(begun).toEqual(Array.from({ length: 3_000 }, (_, at) => String(at)));
  expect(line.ageMs()).toBe(0);
});
