import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@px-platform/runtime';
import { toTombstoneHash } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import { connectEmbedded } from '../connect-embedded.ts';
import { openEmbeddedStore } from '../open-embedded.ts';
import { purgedTables } from './purged-tables.ts';

it('is finished after SIGKILL half way, though the claims are gone that told whom it is about', async () => {
  const path = mkdtempSync(join(tmpdir(), 'px-purge-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../test/purge-until-killed.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
  const killed = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await killed;

  const { store, purges } = await openEmbeddedStore({ path, clock: systemClock });
  const engine = connectEmbedded(path);
  const count = async (sql: string): Promise<number> => Number((await engine.ask({ sql, params: {} })).rows[0]?.[0]);
  expect(await count('SELECT count() FROM identity_claims')).toBe(0);
  const [left] = await purges.pending();
  if (left === undefined || left.deletedBefore === null) throw new Error('nothing is pending');
  expect(left).toMatchObject({ state: 'deleting', ids: 2, found: { events: 2 } });

  const done = await purges.finish(await purges.begin(left, left.deletedBefore), systemClock());
  expect(done).toMatchObject({ state: 'done', ids: 2, found: { events: 2, identity_claims: 2 } });
  for (const { table } of purgedTables) {
    expect([table, await count(`SELECT countIf(toString(tuple(*)) LIKE '%anna%') FROM ${table}`)]).toEqual([table, 0]);
  }
  expect(await count('SELECT count() FROM events')).toBe(1);
  expect((await purges.tombstones(0)).map(({ hash }) => hash).sort()).toEqual(
    ['anna', 'user-anna'].map((one) => toTombstoneHash('prj_killed', 'id', one)).sort(),
  );
  await engine.close();
  await store.close();
  rmSync(path, { recursive: true, force: true });
});
