import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readMigrations } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import { unpackBody } from '../../test/unpack-body.ts';
import { openServerStore } from '../open-server.ts';
import { toClusterForm } from './to-cluster-form.ts';

const clock = (): number => Date.UTC(2026, 4, 1);
const cluster = { name: 'main', database: 'analytics' };

interface Asked {
  readonly sql: string;
  readonly settings: URLSearchParams;
}

/**
 * Opens a store over HTTP on a server that only listens: a lock that is created is held, and all else is empty, which
 * the check of the tables then finds.
 */
async function open(named: string | null, firstTable: string): Promise<Asked[]> {
  const asked: Asked[] = [];
  const answer = (sql: string): unknown[][] => {
    if (sql.includes('system.clusters')) return [[cluster.database, [cluster.name], ['shard', 'replica']]];
    const lock = asked.findLast((one) => one.sql.includes('EXISTS migration_lock'));
    const comment = /COMMENT '([^']+)'/.exec(lock?.sql ?? '')?.[1];
    return sql.includes('system.tables') && comment !== undefined ? [['migration_lock', comment, 0]] : [];
  };
  const server = createServer({ maxHeaderSize: 1024 * 1024 }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const sql = unpackBody(body, request.headers['content-encoding']).toString().trim();
    asked.push({ sql, settings: new URL(request.url ?? '', 'http://localhost').searchParams });
    response.end(JSON.stringify({ meta: [], data: answer(sql), rows: 0 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(openServerStore({ urls: [`http://127.0.0.1:${port}`], cluster: named, clock })).rejects.toMatchObject({
    code: 'schema_differs',
    message: expect.stringContaining(`\n  ${firstTable}, the table: expected Repl`),
  });
  server.close();
  return asked;
}

const toDdl = (asked: readonly Asked[]): string[] =>
  asked
    .map(({ sql }) => sql)
    .filter((sql) => !/^SELECT|schema_migrations|migration_lock/.test(sql))
    .map((sql) => sql.trim());

it('makes the tables on every node of the cluster, with settings that let it answer as one server', async () => {
  const asked = await open(cluster.name, 'events_local');
  expect(toDdl(asked)).toEqual(readMigrations().flatMap((one) => toClusterForm(one, cluster).statements));
  const own = asked
    .map(({ sql }) => sql)
    .filter((sql) => /^(CREATE|DROP) .*(schema_migrations|migration_lock)/.test(sql));
  expect(own).toEqual([
    expect.stringMatching(/^CREATE TABLE IF NOT EXISTS schema_migrations ON CLUSTER 'main'/),
    expect.stringMatching(
      /^CREATE TABLE IF NOT EXISTS migration_lock ON CLUSTER 'main' .*ReplicatedMergeTree\(.*'\{shard\}_\{replica\}'\)/,
    ),
    "DROP TABLE IF EXISTS migration_lock ON CLUSTER 'main' SYNC",
  ]);
  for (const { settings } of asked) {
    expect(Object.fromEntries(settings)).toMatchObject({
      distributed_foreground_insert: '1',
      insert_quorum: 'auto',
      select_sequential_consistency: '1',
      distributed_product_mode: 'global',
      insert_quorum_timeout: '48000',
      async_insert: '0',
      lightweight_deletes_sync: '2',
    });
  }
});

it('changes nothing without a cluster', async () => {
  const asked = await open(null, 'events');
  expect(toDdl(asked)).toEqual(readMigrations().flatMap((one) => one.statements));
  const text = JSON.stringify(asked.map(({ sql, settings }) => `${sql} ${settings}`));
  expect(text).not.toMatch(/ON CLUSTER|Distributed|Replicated|_local|quorum|distributed/);
});
