import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError } from '@px-platform/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSnapshotOf } from '../../test/read-snapshot-of.ts';
import { runInChild } from '../../test/run-in-child.ts';
import { openLmdbLog } from '../lmdb.ts';
import { findLmdbDamage } from './find-lmdb-damage.ts';

const pageBytes = 4_096;
const folder = mkdtempSync(join(tmpdir(), 'px-damage-'));
const sound = join(folder, 'sound.mdb');
afterAll(() => rmSync(folder, { recursive: true }));
const openIt = (path: string) => openLmdbLog({ path, partitions: 2, maxBytes: 1e8, minFreeBytes: 0, clock: () => 1 });

beforeAll(async () => {
  const log = openIt(sound);
  for (let turn = 0; turn < 30; turn++) {
    const records = Array.from({ length: 10 }, (_, index) => ({
      key: `person ${index}`,
      payload: Buffer.alloc(index === 3 ? 9_000 : 400, `turn ${turn} of ${index}.`),
    }));
    await log.append(records);
    if (turn % 5 === 4) await log.commit(turn % 2, turn);
  }
  await log.close();
  // Without the room behind its pages, where nothing can be damaged.
  const { lastPage } = readSnapshotOf(sound);
  truncateSync(sound, (lastPage + 1) * pageBytes);
});

/** Uses each damaged copy in one process of its own, which LMDB may end: one answer a copy is demanded. */
async function useCopies(damages: readonly ((path: string) => void)[]): Promise<Record<string, unknown>[]> {
  const paths = damages.map((damage, index) => {
    const path = join(folder, `copy-${index}.mdb`);
    copyFileSync(sound, path);
    damage(path);
    return path;
  });
  const { lines, code, signal } = await runInChild('use-damaged-log.ts', paths);
  expect({ signal, answers: lines.length }).toEqual({ signal: null, answers: paths.length });
  expect(code).toBe(0);
  return lines.map((line) => JSON.parse(line));
}

function overwrite(change: (bytes: Buffer) => void): (path: string) => void {
  return (path) => {
    const bytes = readFileSync(path);
    change(bytes);
    writeFileSync(path, bytes);
  };
}

describe('a damaged LMDB file', () => {
  it('is told from a sound one, which keeps all its records', async () => {
    expect(findLmdbDamage(sound)).toBeNull();
    const [answer] = await useCopies([() => {}]);
    expect(answer).toMatchObject({ isOpened: true, unreadable: 0 });
  });

  it('is refused with its path and what to do next, and does not end the process', async () => {
    const bytes = readFileSync(sound).length;
    const answers = await useCopies([
      (path) => writeFileSync(path, 'not a log at all '.repeat(1_000)),
      (path) => writeFileSync(path, Buffer.alloc(100_000)),
      (path) => writeFileSync(path, ''),
      (path) => writeFileSync(path, 'x'),
      (path) => truncateSync(path, 100),
      (path) => truncateSync(path, pageBytes),
      (path) => truncateSync(path, Math.floor(bytes / 2)),
      overwrite((copy) => copy.fill(0xff, 0, 200)),
      overwrite((copy) => copy.fill(0, pageBytes, 2 * pageBytes)),
      overwrite((copy) => copy.fill(0xa5, 2 * pageBytes)),
      // Each branch and leaf says that it is of a transaction to come.
      overwrite((copy) => {
        for (let page = 2 * pageBytes; page < copy.length; page += pageBytes) {
          if (copy.readUInt32LE(page + 16) >> 18 === 0) copy.writeUInt8(1, page + 13);
        }
      }),
    ]);
    for (const { path, isOpened, code, message } of answers) {
      expect({ path, isOpened, code }).toEqual({ path, isOpened: false, code: 'log_corrupt' });
      expect(message).toContain(path);
      expect(message).toContain('Restore the file from a backup, or move it away');
    }
  });

  it('never ends the process, wherever a page, a byte or a bit is wrong', async () => {
    const pages = Math.floor(readFileSync(sound).length / pageBytes);
    const random = createRandom(20_260_301);
    const damages = Array.from({ length: 100 }, (_, index) => {
      const at = Math.floor(random() * pages) * pageBytes;
      const other = Math.floor(random() * pages) * pageBytes;
      const within = Math.floor(random() * (index % 2 === 0 ? 64 : pageBytes));
      const value = Math.floor(random() * 256);
      return [
        overwrite((copy) => copy.fill(value, at, at + pageBytes)),
        overwrite((copy) => copy.writeUInt8(value, at + within)),
        overwrite((copy) => copy.writeUInt8(copy.readUInt8(at + within) ^ (1 << (value % 8)), at + within)),
        overwrite((copy) => copy.copy(copy, at, other, other + pageBytes)),
      ][index % 4];
    });
    const answers = await useCopies(damages.map((damage) => damage ?? (() => {})));
    for (const answer of answers) expect(answer['isOpened'] || answer['code']).toSatisfy(isOpenedOrCorrupt);
    expect(answers.filter(({ code }) => code === 'log_corrupt').length).toBeGreaterThan(10);
  });

  it('gives a record whose bytes were changed as unreadable, and the others as they were', async () => {
    const path = join(folder, 'flipped.mdb');
    copyFileSync(sound, path);
    overwrite((copy) => copy.write('X', copy.lastIndexOf('turn 29 of 5.')))(path);
    const log = openIt(path);
    const entries = await Promise.all(
      log.partitions.map(async (partition) => log.read(partition, 0, { maxRecords: 1e6, maxBytes: 1e9 })),
    );
    await log.close();
    const unreadable = entries.flat().filter(({ payload }) => payload === null);
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]?.appendedAt).toBe(0);
    expect(entries.flat().length).toBeGreaterThan(200);
  });

  it('is not what a folder that cannot be used is called', () => {
    const path = join(sound, 'log.mdb');
    expect(() => openIt(path)).toThrowError(
      expect.toSatisfy((error: unknown) => isAppError(error, 'data_dir_unusable') && error.cause !== undefined),
    );
  });

  it('does not come of a first start that was ended half way', async () => {
    const path = join(folder, 'fresh', 'log.mdb');
    const first = openIt(path);
    await first.close();
    rmSync(path);
    writeFileSync(`${path}.new`, 'half made');
    const second = openIt(path);
    expect(await second.append([{ key: 'k', payload: Buffer.from('a') }])).toHaveLength(1);
    await second.close();
  });
});

function isOpenedOrCorrupt(outcome: unknown): boolean {
  return outcome === true || outcome === 'log_corrupt';
}

/** Gives the same numbers 0..1 in each run (Park and Miller's generator). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
