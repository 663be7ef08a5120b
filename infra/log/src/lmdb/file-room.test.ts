import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { readSnapshotOf } from '../../test/read-snapshot-of.ts';
import { openFileRoom } from './file-room.ts';
import { openLmdbFile } from './open-lmdb-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-room-'));
afterAll(() => rmSync(folder, { recursive: true }));
const mapBytes = 64 * 2 ** 20;

function openBoth(name: string, roomBytes = mapBytes) {
  const path = join(folder, name, 'log.mdb');
  const { db } = openLmdbFile(path, mapBytes);
  const room = openFileRoom(path, roomBytes);
  onTestFinished(async () => {
    await room.close();
    await db.close();
  });
  return { path, db, room };
}

function usedBytes(path: string): number {
  const { lastPage, pageBytes } = readSnapshotOf(path);
  return (lastPage + 1) * pageBytes;
}

describe('room in the file of the log', () => {
  it('is there before a transaction of any size, so that the file does not grow by it', async () => {
    const { path, db, room } = openBoth('sizes');
    for (const [turn, bytes] of [1, 100, 5_000, 100_000, 3_000_000, 9_000_000, 20, 2_100_000].entries()) {
      await room.make(bytes);
      const given = statSync(path);
      expect(given.blocks * 512).toBeGreaterThanOrEqual(given.size);
      // Of a kind that fills a page half, at worst.
      await db.batch(() => {
        for (let at = 0; at < bytes; at += 2_100) void db.put([turn, at], Buffer.alloc(Math.min(2_100, bytes - at), 7));
      });
      expect(statSync(path).size).toBe(given.size);
      expect(usedBytes(path)).toBeLessThanOrEqual(given.size);
    }
    expect(usedBytes(path)).toBeGreaterThan(9_000_000);
  });

  it('is made again only as it is used up, and keeps what the pages hold', async () => {
    const { path, db, room } = openBoth('kept');
    await room.make(1_000);
    const { size } = statSync(path);
    for (let turn = 0; turn < 200; turn += 1) {
      await room.make(1_000);
      await db.put([turn], Buffer.alloc(1_000, turn));
    }
    expect(statSync(path).size).toBe(size);
    for (let turn = 0; turn < 200; turn += 1) expect(db.get([turn])).toEqual(Buffer.alloc(1_000, turn));
  });

  it('asks the disk again after it refused, and changes nothing by that', async () => {
    const { path, db, room } = openBoth('distrusted');
    await db.put(['a'], Buffer.from('kept'));
    await room.make(10);
    const before = readFileSync(path);
    const { mtimeNs } = statSync(path, { bigint: true });
    await room.make(10);
    expect(statSync(path, { bigint: true }).mtimeNs).toBe(mtimeNs);
    room.distrust();
    await room.make(10);
    expect(statSync(path, { bigint: true }).mtimeNs).toBeGreaterThan(mtimeNs);
    expect(readFileSync(path)).toEqual(before);
  });

  it('touches no page of a file whose headers it cannot read', async () => {
    const path = join(folder, 'unreadable.mdb');
    const bytes = Buffer.alloc(5_000_000, 0xa5);
    writeFileSync(path, bytes);
    const room = openFileRoom(path, mapBytes);
    room.distrust();
    await room.make(10);
    room.distrust();
    await room.make(10);
    await room.close();
    expect(readFileSync(path).subarray(0, bytes.length)).toEqual(bytes);
  });

  it('ends with the map: what is over is for LMDB to refuse', async () => {
    const { path, room } = openBoth('map', 2 * 2 ** 20);
    await room.make(1);
    const { size } = statSync(path);
    await room.make(30_000_000);
    expect(statSync(path).size).toBe(size);
  });

  it('rejects where the file cannot be written', async () => {
    const { path } = openBoth('closed');
    const room = openFileRoom(path, mapBytes);
    await room.close();
    await expect(room.make(1)).rejects.toThrow('EBADF');
  });
});
