import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createRandom } from '../../src/history.ts';
import { sortUnanswered } from '../report/sort-unanswered.ts';
import { phaseOfKill } from './phase-of-kill.ts';
import { planKills } from './plan-kills.ts';
import { watchParts } from './watch-parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-parts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('plans kills of each kind at each aim, the same for the same seed', () => {
  const planned = planKills(200, createRandom('a'));
  expect(planned).toHaveLength(200);
  expect(planned).toEqual(planKills(200, createRandom('a')));
  expect(planned).not.toEqual(planKills(200, createRandom('b')));
  const pairs = new Set(planned.map(({ kind, aim }) => `${kind} ${aim}`));
  expect(pairs.size).toBe(17);
  expect(pairs).not.toContain('processor append');
});

it('tells where a kill fell by what it left', () => {
  const fell = (heldRows: number, last: Parameters<typeof phaseOfKill>[0]['last']) => phaseOfKill({ heldRows, last });
  expect(fell(0, null)).toContain('before insert');
  expect(fell(0, 'derived')).toContain('before insert');
  expect(fell(0, 'insert_begun')).toContain('amid insert');
  expect(fell(9, 'insert_begun')).toContain('amid insert');
  expect(fell(9, 'inserted')).toContain('after insert');
  expect(fell(9, 'derive_begun')).toContain('amid derive');
  expect(fell(9, 'derived')).toContain('before commit');
});

it('tells requests that were cut off before the append from those cut off after it', () => {
  const kills = [
    { kind: 'server', killedAt: 100 },
    { kind: 'processor', killedAt: 300 },
  ] as const;
  const cut = (requestId: string, startedAt: number, endedAt: number) => ({ requestId, startedAt, endedAt });
  const unanswered = [cut('a', 90, 101), cut('b', 95, 102), cut('while it was away', 150, 151), cut('c', 290, 310)];
  expect(sortUnanswered(kills, unanswered, new Set(['b', 'c']))).toEqual({ kills: 1, before: 1, after: 1 });
});

it('sees parts of inserts begin and end, counts their rows, and passes over merges', async () => {
  const folders = { events: join(folder, 'events'), sessions: join(folder, 'sessions') };
  for (const one of Object.values(folders)) mkdirSync(one);
  const insert = (table: string, name: string, rows: number, begun = `tmp_insert_${name}`): void => {
    mkdirSync(join(table, begun));
    writeFileSync(join(table, begun, 'count.txt'), String(rows));
    renameSync(join(table, begun), join(table, name));
  };
  insert(folders.events, '202611_1_1_0', 5);
  const watch = watchParts(folders);
  const signal = AbortSignal.timeout(20_000);
  expect(watch.last()).toBeNull();
  const [begun, inserted, derived] = [
    watch.until('insert_begun', signal),
    watch.until('inserted', signal),
    watch.until('derived', signal),
  ];
  insert(folders.events, '202611_2_2_0', 7);
  expect([await begun, await inserted]).toEqual([true, true]);
  insert(folders.sessions, '202611_1_1_1', 3);
  expect(await derived).toBe(true);
  expect(watch.last()).toBe('derived');
  insert(folders.events, '202611_1_2_1', 12, 'tmp_merge_202611_1_2_1');
  insert(folders.sessions, '202611_1_2_2', 3, 'tmp_merge_202611_1_2_2');
  rmSync(join(folders.events, '202611_1_1_0'), { recursive: true });
  expect(watch.insertedRows()).toBe(12);
  expect(watch.last()).toBe('derived');
  const late = new AbortController();
  const never = watch.until('insert_begun', late.signal);
  late.abort();
  expect(await never).toBe(false);
  watch.close();
});
