import { expect, test } from 'vitest';
import { type PageProfile, sumPageProfiles } from './sum-page-profile.ts';

const url = 'http://site/px.js';
const findPlace = (_line: number, column: number) => ({
  file: 'sdk/src/queue.ts',
  line: column,
  text: `line ${column}`,
});

function node(
  id: number,
  functionName: string,
  column: number | null,
  children: number[] = [],
): PageProfile['nodes'][number] {
  const callFrame = { functionName, url: column === null ? '' : url, lineNumber: 0, columnNumber: column ?? 0 };
  return { id, callFrame, children };
}

/** `outer` (line 10) calls `inner` (20), which calls itself and `setItem`; the rest is idle. */
const profile: PageProfile = {
  nodes: [
    node(1, '(root)', null, [2, 6]),
    node(2, 'outer', 10, [3]),
    node(3, 'inner', 20, [4, 5]),
    node(4, 'inner', 20),
    node(5, 'setItem', null),
    node(6, '(idle)', null),
  ],
  samples: [2, 3, 4, 5, 6, 6],
  timeDeltas: [0, 100, 100, 100, 100, 100],
};

test('counts what the browser did to who asked for it, and recursion once', () => {
  const times = sumPageProfiles([profile, profile], { url, findPlace });
  expect(times.filter(({ line }) => line > 0)).toEqual([
    { file: 'sdk/src/queue.ts', line: 20, text: 'line 20', selfUs: 600, totalUs: 600 },
    { file: 'sdk/src/queue.ts', line: 10, text: 'line 10', selfUs: 200, totalUs: 800 },
  ]);
});

test('lists the functions of the browser by their names too, and idle time apart', () => {
  const others = sumPageProfiles([profile], { url, findPlace }).filter(({ line }) => line === 0);
  expect(others.map(({ file, text, selfUs }) => [file, text, selfUs])).toEqual([
    ['called natively', 'setItem', 100],
    ['(idle)', '(idle)', 100],
  ]);
});
