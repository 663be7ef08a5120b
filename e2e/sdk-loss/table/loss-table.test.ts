import { expect, it } from 'vitest';
import type { PlayResult } from '../play-scenario.ts';
import type { Scenario } from '../scenario.ts';
import { type Cell, findFaults } from './cell.ts';
import { toBeforeReturnTable, toLossTable, toPlaysTable } from './loss-table.ts';

const versions = { chromium: 'Chromium 1', firefox: 'Firefox 2', webkit: 'WebKitGTK 3' };
const scenario: Scenario = {
  name: 'leave',
  events: 2,
  play: async () => undefined,
  otherwise: { webkit: 'no_offline_switch' },
};
const whole: PlayResult = {
  sent: 2,
  stored: 2,
  lost: [],
  doubled: 0,
  beforeReturn: 1,
  extraCopies: 0,
  preflights: 0,
  tookMs: 1,
  complaints: [],
};
const cell = (engine: Cell['engine'], ...plays: PlayResult[]): Cell => ({ scenario, engine, plays });

it('tells what is stored of what was sent, in bold where an event is lost or doubled, and why a cell differs', () => {
  const cells = [
    cell('firefox', whole, { ...whole, stored: 1, lost: [1] }),
    cell('chromium', whole, { ...whole, doubled: 3 }),
    cell('webkit', whole, whole),
  ];
  const lines = toLossTable([scenario], cells, versions).split('\n');
  expect(lines[0]).toBe('| scenario | events a play | Chromium 1 | Firefox 2 | WebKitGTK 3 |');
  expect(lines[2]).toBe('| leave | 2 | **4 of 4**, 3 doubled | **3 of 4** | 4 of 4 (1) |');
  expect(lines[4]).toMatch(/^1\. WebKitWebDriver cannot take the network away\. Kept: /);
});

it('says where an engine did not run', () => {
  expect(toLossTable([scenario], [cell('webkit', whole)], versions)).toContain('| leave | 2 | not run | not run |');
});

it('gives the share before the return of the plays that have one', () => {
  const cells = [cell('chromium', whole, { ...whole, beforeReturn: null }, { ...whole, beforeReturn: 2 })];
  expect(toBeforeReturnTable([scenario], cells).split('\n')[2]).toContain('| 75 % |');
});

it('finds no fault in a whole cell, and names the lost, the doubled and what broke', () => {
  expect(findFaults(cell('chromium', whole))).toEqual([]);
  const faults = findFaults(
    cell(
      'chromium',
      { ...whole, stored: 1, lost: [1] },
      { ...whole, doubled: 2 },
      { ...whole, complaints: ['no tab'] },
    ),
  );
  expect(faults).toEqual(['stored 1 of 2, lost the numbers 1', 'rows too many: 2', 'no tab']);
});

it('counts the plays of each engine that were whole', () => {
  const cells = [
    cell('firefox', whole, whole, { ...whole, lost: [1] }),
    cell('firefox', { ...whole, complaints: ['late'] }),
  ];
  const lines = toPlaysTable(cells, versions).split('\n');
  expect(lines.slice(2)).toEqual([
    '| Chromium 1 | 0 | 0 | 0 |',
    '| Firefox 2 | 4 | 2 | 2 |',
    '| WebKitGTK 3 | 0 | 0 | 0 |',
  ]);
});
