import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findFreePort } from '../../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../../src/data-dir.ts';
import { startProcess, untilDrained } from '../../src/standalone-process.ts';
import { findFolders } from './find-folders.ts';
import { watchParts } from './watch-parts.ts';

const dataDir = makeDataDir('parts');
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it('sees each moment of a batch that the engine stores', async () => {
  const port = await findFreePort();
  await (await startProcess({ dataDir, port })).stop();
  const watch = watchParts(await findFolders(join(dataDir, 'store')));
  const at = await startProcess({ dataDir, port });
  const signal = AbortSignal.timeout(60_000);
  const seen = (['insert_begun', 'inserted', 'derive_begun', 'derived'] as const).map(async (moment) => [
    moment,
    await watch.until(moment, signal),
  ]);
  const response = await fetch(`${at.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'X-API-Key': at.apiKey },
    body: JSON.stringify({ event: 'seen', anonymous_id: 'a1' }),
  });
  expect(response.status).toBe(202);
  await untilDrained(at);
  expect(await Promise.all(seen)).toEqual([
    ['insert_begun', true],
    ['inserted', true],
    ['derive_begun', true],
    ['derived', true],
  ]);
  expect(watch.last()).toBe('derived');
  expect(watch.insertedRows()).toBe(1);
  watch.close();
  await at.stop();
});
