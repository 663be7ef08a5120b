import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { afterAll, describe, expect, it } from 'vitest';
import { openPgliteControl } from './pglite.ts';
import * as tables from './tables.ts';

const root = await mkdtemp(join(tmpdir(), 'px-control-trouble-'));
afterAll(() => rm(root, { recursive: true, force: true }));

describe('openPgliteControl', () => {
  it('refuses a folder that is open already, and opens it again once it is closed', async () => {
    const path = join(root, 'twice');
    const store = await openPgliteControl({ path });
    await store.createTenant({ slug: 'acme', tier: 'free' });
    await expect(openPgliteControl({ path })).rejects.toMatchObject({
      code: 'data_dir_in_use',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await store.close();
    const again = await openPgliteControl({ path });
    expect(await again.findTenant('acme')).not.toBeNull();
    await again.close();
  });

  it.each(['', '999999999 1', `${process.pid} 1`, 'nonsense'])(
    'takes over the lock of a dead process: %j',
    async (lock) => {
      const path = join(root, 'twice');
      await writeFile(`${path}.lock`, lock);
      await (await openPgliteControl({ path })).close();
    },
  );

  it('makes a checkpoint after many uses of keys, so that its log does not grow for ever', async () => {
    const path = join(root, 'twice');
    const store = await openPgliteControl({ path });
    const changedAt = async () => (await stat(join(path, 'global', 'pg_control'))).mtimeMs;
    const before = await changedAt();
    const uses = Array.from({ length: 50_000 }, () => ({ id: 'key_none', at: new Date(0) }));
    await store.touchKeys(uses);
    expect(await changedAt()).toBe(before);
    await store.touchKeys(uses);
    expect(await changedAt()).toBeGreaterThan(before);
    await store.close();
  });

  it('says that a folder cannot be made', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(openPgliteControl({ path: join(root, 'file', 'control') })).rejects.toMatchObject({
      code: 'data_dir_unusable',
      message: expect.stringContaining(join(root, 'file', 'control')),
    });
  });

  it('says that a database is damaged, and leaves it as it is', async () => {
    const path = join(root, 'damaged');
    await mkdir(join(path, 'global'), { recursive: true });
    await writeFile(join(path, 'PG_VERSION'), '17\n');
    await writeFile(join(path, 'global', 'pg_control'), 'no such thing');
    await expect(openPgliteControl({ path })).rejects.toMatchObject({ code: 'data_dir_unusable' });
    expect(await readFile(join(path, 'global', 'pg_control'), 'utf8')).toBe('no such thing');
  });
});

describe('the migrations', () => {
  it('say what the tables say: nothing is left to generate', async () => {
    const journal = JSON.parse(await readFile(join(import.meta.dirname, '../drizzle/meta/_journal.json'), 'utf8'));
    const last = String(journal.entries.length - 1).padStart(4, '0');
    const snapshot = JSON.parse(
      await readFile(join(import.meta.dirname, `../drizzle/meta/${last}_snapshot.json`), 'utf8'),
    );
    expect(await generateMigration(snapshot, generateDrizzleJson(tables, snapshot.id))).toEqual([]);
  });
});
