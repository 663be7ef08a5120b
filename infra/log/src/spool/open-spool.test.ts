import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@px-platform/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { createSpoolObserver } from '../../test/spool-observer.ts';
import type { EventLog } from '../event-log.ts';
import { openLmdbLog } from '../lmdb.ts';
import { createMemoryLog } from '../memory.ts';
import { createSpooledLog } from './create-spooled-log.ts';
import { openSpool, type Spool, type SpoolOptions } from './open-spool.ts';
import { toSpoolValue } from './spool-value.ts';

const root = mkdtempSync(join(tmpdir(), 'px-spool-'));
afterAll(() => rmSync(root, { recursive: true }));
let places = 0;
const toFolder = () => join(root, `place-${places++}`, 'spool');
const open = (folder: string, changes: Partial<SpoolOptions> = {}) =>
  openSpool({ folder, maxBytes: 1e8, minFreeBytes: 0, clock: () => 1, ...changes });
const toQueue = (folder: string, partitions = 1) =>
  openLmdbLog({ path: join(folder, 'queue.lmdb'), partitions, maxBytes: 1e8, minFreeBytes: 0, clock: () => 1 });

function wrap(log: EventLog, spool: Spool) {
  const telemetry = createSpoolObserver();
  return createSpooledLog({ log, backend: 'memory', spool, telemetry, random: Math.random, stopwatch: () => 0 });
}

const away: EventLog = {
  append: () => Promise.reject(new AppError('log_unavailable', 'The broker is away.')),
  status: () => Promise.reject(new AppError('log_unavailable', 'The broker is away.')),
  close: async () => undefined,
};
const toRecord = (text: string) => ({ key: `person ${text}`, payload: Buffer.from(text) });

describe('a spool on the disk', () => {
  it('keeps what waits over restarts, and drains it to the partitions that the log has then', async () => {
    const folder = toFolder();
    const texts = Array.from({ length: 50 }, (_, index) => String(index));
    for (const text of texts) {
      const log = wrap(away, await open(folder));
      expect(await log.append([toRecord(text)])).toEqual([null]);
      await log.close();
    }
    const memory = createMemoryLog({ partitions: 7, maxBytes: 1e9, clock: () => 1 });
    const log = wrap(memory, await open(folder));
    await expect.poll(async () => (await log.status()).spool?.depth, { timeout: 20_000 }).toBe(0);
    const direct = await createMemoryLog({ partitions: 7, maxBytes: 1e9, clock: () => 1 }).append(texts.map(toRecord));
    const limits = { maxRecords: 100, maxBytes: 1e6 };
    const entries = (await Promise.all(memory.partitions.map((own) => memory.read(own, 0, limits)))).flat();
    const places = new Map(entries.map((entry) => [Buffer.from(entry.payload ?? []).toString(), entry]));
    expect(texts.map((text) => places.get(text)?.partition)).toEqual(direct.map((at) => at?.partition));
    await log.close();
  });

  it('is refused to a second server while the first has it, and is free once that has ended', async () => {
    const folder = toFolder();
    const first = await open(folder);
    await expect(open(folder)).rejects.toMatchObject({
      code: 'data_dir_in_use',
      message: expect.stringContaining(String(process.pid)),
    });
    await first.queue.append([{ key: '', payload: toSpoolValue(toRecord('a')) }]);
    await first.close();
    const second = await open(folder);
    expect(second.standing).toEqual({ next: 0, end: 1 });
    await second.close();
  });

  it('of a later version is refused with what to do, and stays as it is', async () => {
    const folder = toFolder();
    const before = await open(folder);
    const values = ['a', 'b'].map((text) => toSpoolValue(toRecord(text)));
    values[1]?.writeUInt8(2, 0);
    await before.queue.append(values.map((payload) => ({ key: '', payload })));
    await before.close();
    for (let start = 0; start < 2; start++) {
      await expect(open(folder)).rejects.toMatchObject({
        code: 'log_version_unknown',
        message: expect.stringMatching(/record 1 is of version 2.*Start the version that wrote it/s),
      });
    }
  });

  it.each([
    ['a log of several partitions', 3],
    ['a log of one', 1],
  ])('is not taken for one where %s was put in its place', async (_, partitions) => {
    const folder = toFolder();
    const log = toQueue(folder, partitions);
    await log.append([{ key: 'k', payload: Buffer.from('{"events":[]}') }]);
    await log.close();
    await expect(open(folder)).rejects.toMatchObject({ code: 'log_version_unknown' });
  });

  it.each(['queue.lmdb', 'aside.lmdb'])(
    'that can not be read (%s) ends the start, and can be moved away',
    async (name) => {
      const folder = toFolder();
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), Buffer.alloc(20_000, 'garbage'));
      await expect(open(folder)).rejects.toMatchObject({ code: 'log_corrupt' });
      rmSync(join(folder, name));
      await (await open(folder)).close();
    },
  );

  it('ends the start where its folder can not be made', async () => {
    const folder = toFolder();
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(join(folder, '..', 'file'), '');
    await expect(open(join(folder, '..', 'file', 'spool'))).rejects.toMatchObject({ code: 'data_dir_unusable' });
  });

  it('takes nothing where the disk would fall under its reserve, and answers so', async () => {
    const log = wrap(away, await open(toFolder(), { minFreeBytes: Number.MAX_SAFE_INTEGER }));
    await expect(log.append([toRecord('a')])).rejects.toMatchObject({
      code: 'log_full',
      message: expect.stringContaining('make room on the disk'),
    });
    await log.close();
  });
});
