import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { connectEmbedded } from '../connect-embedded.ts';
import type { Engine } from '../engine.ts';
import { clusterNameSchema } from './cluster-name.ts';
import { findCluster } from './find-cluster.ts';

const path = mkdtempSync(join(tmpdir(), 'px-find-cluster-'));
const engine = connectEmbedded(path);
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

const answering = (...row: unknown[]): Engine => ({
  ...engine,
  ask: async () => ({ columns: [], rows: [row], rowsRead: 0 }),
});

it('says which clusters the engine knows where it knows none of that name', async () => {
  await expect(findCluster(engine, 'nowhere')).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/CLICKHOUSE_CLUSTER is nowhere, .* knows the clusters \S/),
  });
});

it('gives the cluster with the database spoken to', async () => {
  const one = answering('analytics', ['main', 'other'], ['replica', 'shard']);
  expect(await findCluster(one, 'main')).toEqual({ name: 'main', database: 'analytics' });
});

it('refuses a node that has no name of its own among its shards', async () => {
  await expect(findCluster(answering('default', ['main'], ['replica']), 'main')).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('no macro shard'),
  });
});

it('refuses a cluster that writes to each replica by itself', async () => {
  const one = answering('default', ['main'], ['replica', 'shard'], ['ch-1', 'ch-2']);
  await expect(findCluster(one, 'main')).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringMatching(/at ch-1, ch-2: set <internal_replication>true/),
  });
});

it.each(['main', 'px-main.2', '_x'])('takes %j as a name', (name) => {
  expect(clusterNameSchema.parse(name)).toBe(name);
});

it.each(['', "a'b", 'a b', '{cluster}', '-a', 'ü', 'a'.repeat(65), 'a\nb'])('refuses %j as a name', (name) => {
  expect(clusterNameSchema.safeParse(name).success).toBe(false);
});
