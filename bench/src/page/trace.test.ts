import { expect, test } from 'vitest';
import { readTrace, toTasksBetween } from './trace.ts';

const task = 'disabled-by-default-devtools.timeline';
const main = { pid: 7, tid: 7 };

function toText(...events: object[]): string {
  return JSON.stringify({ traceEvents: events.map((event) => ({ ...main, ph: 'X', ...event })) });
}

const mark = (name: string, ts: number) => ({ name, cat: 'blink.user_timing', ph: 'I', ts });
const run = (ts: number, dur: number, more = {}) => ({ name: 'RunTask', cat: task, ts, dur, tdur: dur - 1, ...more });

test('counts the tasks of the marked page alone, and those inside another once', () => {
  const trace = readTrace(
    toText(
      run(110, 50),
      run(120, 10),
      run(100, 5),
      mark('bench:a', 99),
      run(130, 900, { tid: 8 }),
      run(200, 20, { pid: 9 }),
    ),
  );
  expect(trace.tasks).toEqual([
    { startedAt: 100, us: 5, cpuUs: 4 },
    { startedAt: 110, us: 50, cpuUs: 49 },
  ]);
});

test('takes what overlaps the time between two marks, and refuses marks that are not there', () => {
  const trace = readTrace(
    toText(mark('bench:a', 100), mark('bench:b', 200), run(0, 50), run(95, 10), run(190, 30), run(250, 9)),
  );
  expect(toTasksBetween(trace, 'bench:a', 'bench:b').map(({ startedAt }) => startedAt)).toEqual([95, 190]);
  expect(() => toTasksBetween(trace, 'bench:a', 'bench:c')).toThrow('bench:c');
});

test('tells how long a script ran by its address', () => {
  const script = {
    name: 'EvaluateScript',
    cat: 'devtools.timeline',
    ts: 5,
    dur: 77,
    args: { data: { url: 'http://x/px.js' } },
  };
  expect(readTrace(toText(mark('bench:a', 1), script)).scripts).toEqual(new Map([['http://x/px.js', 77]]));
});
