import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createWorkLine } from './work-line.ts';

function open() {
  const clock = { now: 0 };
  const waited: number[] = [];
  const line = createWorkLine(
    () => clock.now,
    (ms) => waited.push(ms),
  );
  const begun: string[] = [];
  const enter = (name: string): void => {
    const turn = line.enter();
    if (turn === null) begun.push(name);
    else turn.then(() => begun.push(name));
  };
  return { clock, waited, line, begun, enter };
}

it('lets work begin at once while the turn is young, and from then on in order, four a turn', async () => {
  const { clock, begun, enter, line } = open();
  enter('at once');
  clock.now = 5;
  for (let at = 0; at < 10; at += 1) enter(`later ${at}`);
  expect(begun).toEqual(['at once']);
  await nextTurn();
  expect(begun).toHaveLength(5);
  enter('last');
  await nextTurn();
  expect(begun).toHaveLength(9);
  await nextTurn();
  expect(begun).toEqual(['at once', ...Array.from({ length: 10 }, (_, at) => `later ${at}`), 'last']);
  expect(line.enter()).toBeNull();
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
  expect(waited).toEqual([495, 495, 495, 495]);
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
