import { constants } from 'node:buffer';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startTestServer } from '../test/start-test-server.ts';
import { connectEmbedded } from './connect-embedded.ts';
import { connectServer } from './open-server.ts';

const path = mkdtempSync(join(tmpdir(), 'px-engine-'));
const server = await startTestServer();
const engines = { chdb: connectEmbedded(path), 'a server': connectServer(server.url) };
afterAll(async () => {
  for (const engine of Object.values(engines)) await engine.close();
  await server.stop();
  rmSync(path, { recursive: true, force: true });
});

describe.each(Object.entries(engines))('%s, asked for rows one by one', (_, engine) => {
  it('gives them in their order, as values', async () => {
    const sql = 'SELECT number, toString(number) FROM numbers({count:UInt32}) SETTINGS max_block_size = 2';
    const rows = await engine.askEach({ sql, params: { count: 5 } }, (row) => row);
    expect(rows.map(([number, text]) => [Number(number), text])).toEqual([0, 1, 2, 3, 4].map((at) => [at, `${at}`]));
  });

  it('throws where it fails on the way, also after rows were given', async () => {
    const sql = 'SELECT throwIf(number = 100000) FROM numbers(200000) SETTINGS max_block_size = 1000';
    await expect(engine.askEach({ sql, params: {} }, (row) => row)).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    expect(await engine.askEach({ sql: 'SELECT 7', params: {} }, ([seven]) => seven)).toEqual([7]);
  });
});

it('gives more than a string can hold', async () => {
  const count = Math.ceil(constants.MAX_STRING_LENGTH / 1_000_000) + 1;
  const sql = `SELECT repeat('x', 1000000) FROM numbers(${count}) SETTINGS max_block_size = 8`;
  const lengths = await engines['a server'].askEach({ sql, params: {} }, ([text]) => String(text).length);
  expect(lengths).toEqual(Array.from({ length: count }, () => 1_000_000));
});
