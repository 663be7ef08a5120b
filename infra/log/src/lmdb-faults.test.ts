import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError } from '@px-platform/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { runInChild } from '../test/run-in-child.ts';
import { openLmdbLog } from './lmdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-faults-'));
afterAll(() => rmSync(folder, { recursive: true }));
const all = { maxRecords: 1_000_000, maxBytes: 1_000_000_000 };
const settings = { partitions: 4, maxBytes: 1e9, minFreeBytes: 0, clock: () => 1 };

describe('the LMDB log under faults', () => {
  it('holds each acknowledged record after SIGKILL at any moment', async () => {
    const path = join(folder, 'killed', 'log.mdb');
    const acknowledged = new Map<string, string>();
    const committed = new Map<number, number>();
    for (let round = 0; round < 10; round++) {
      let answers = 0;
      const lastAnswer = 20 + Math.floor(Math.random() * 600);
      const { lines, signal } = await runInChild('append-until-killed.ts', [path, String(round)], {
        onLine: (_, kill) => {
          if (++answers === lastAnswer) kill();
        },
      });
      expect(signal).toBe('SIGKILL');
      for (const line of lines) {
        const [kind, partition = '', position = '', text = ''] = line.split(' ');
        if (kind === 'c')
          committed.set(Number(partition), Math.max(Number(position), committed.get(Number(partition)) ?? 0));
        else expect(acknowledged.get(`${partition}:${position}`)).toBeUndefined();
        if (kind === '+') acknowledged.set(`${partition}:${position}`, text);
      }
      const log = openLmdbLog({ ...settings, path });
      const found = new Map<string, string>();
      for (const partition of log.partitions) {
        const start = await log.committed(partition);
        expect(start).toBeGreaterThanOrEqual(committed.get(partition) ?? 0);
        const entries = await log.read(partition, 0, all);
        expect(entries.map(({ position }) => position)).toEqual(entries.map((_, index) => start + index));
        for (const { position, payload } of entries) {
          found.set(
            `${partition}:${position}`,
            Buffer.from(payload ?? 'unreadable')
              .toString()
              .trimEnd(),
          );
        }
        for (const place of acknowledged.keys()) {
          const [where, position] = place.split(':').map(Number);
          if (where === partition && Number(position) < start) acknowledged.delete(place);
        }
      }
      await log.close();
      for (const [place, text] of acknowledged) expect({ place, text: found.get(place) }).toEqual({ place, text });
      expect(acknowledged.size).toBeGreaterThan(0);
    }
  });

  it('keeps nothing of what the disk refused, and goes on without a gap when it takes writes again', async () => {
    const path = join(folder, 'limited', 'log.mdb');
    const { lines, errors, code } = await runInChild('fill-limited-disk.ts', [path], { limitKiB: 1_600 });
    expect(code).toBe(0);
    // LMDB itself met no disk that refused: it tells of each such write here.
    expect(errors).not.toContain('Write error');
    const result = JSON.parse(lines[0] ?? '{}');
    expect(result.codes).toEqual(['log_unavailable']);
    expect(result.kept).toBeGreaterThan(0);
    expect(result.kept + result.refusals).toBe(400);
    expect(result.after).toHaveLength(1);
    expect(result.depth).toBe(result.kept);
    expect(result.read).toHaveLength(result.kept);
    for (const partition of [0, 1]) {
      const positions = result.read.filter((entry: { partition: number }) => entry.partition === partition);
      for (const [index, entry] of positions.entries()) {
        expect(entry).toEqual({ partition, position: positions[0].position + index, isWhole: true });
      }
    }
    expect(result.reopened).toMatchObject({ depth: result.depth, bytes: result.bytes });
  });

  it.each(['20..20', '20..60'])(
    'answers each append and closes, where the disk refuses a meta page too (writes %s)',
    async (when) => {
      const path = join(folder, `meta ${when}`, 'log.mdb');
      // Each of LMDB's threads counts its own writes: some of those that fail are pages, and one is the page that names them.
      const refuse = ['-P', path, '-e', `inject=pwrite64,pwritev,writev:error=EROFS:when=${when}`];
      const launch = ['strace', '-D', '-f', '-qq', '-o', '/dev/null', ...refuse, '--'];
      const { lines, code } = await runInChild('append-on-failing-disk.ts', [path], { launch });
      expect({ code, last: lines.at(-1), answers: lines.length - 1 }).toEqual({
        code: 0,
        last: 'closed',
        answers: 200,
      });
      const taken = lines.filter((line) => line.startsWith('+ ')).map((line) => `record ${line.slice(2)}`);
      expect(lines.filter((line) => line.startsWith('- ')).length + taken.length).toBe(200);
      expect(taken.length).toBeLessThan(200);
      const log = openLmdbLog({ ...settings, path, partitions: 1 });
      const entries = await log.read(0, 0, all);
      expect(entries.map(({ payload }) => Buffer.from(payload ?? []).toString())).toEqual(taken);
      await log.append([{ key: 'k', payload: Buffer.from('again') }]);
      await log.close();
    },
  );

  it('leaves a disk alone that refused a write, and answers for it meanwhile', async () => {
    const path = join(folder, 'left alone', 'log.mdb');
    // One write of records is refused, and the disk would take all after it: none is asked for before the pause ends.
    const refuse = ['-P', path, '-e', 'inject=pwrite64,pwritev,writev:error=EROFS:when=22..22'];
    const launch = ['strace', '-D', '-f', '-qq', '-o', '/dev/null', ...refuse, '--'];
    const { lines } = await runInChild('append-on-failing-disk.ts', [path, '3600000'], { launch });
    const answers = lines.slice(0, -1).map(([kind]) => kind);
    const firstRefused = answers.indexOf('-');
    expect(firstRefused).toBeGreaterThan(0);
    expect(new Set(answers.slice(firstRefused))).toEqual(new Set(['-']));
    expect(lines.at(-1)).toBe('closed');
  });

  it('uses the pages of what is committed again, so that the file stays small', async () => {
    const path = join(folder, 'bounded', 'log.mdb');
    const log = openLmdbLog({ ...settings, path, partitions: 2 });
    const payload = Buffer.alloc(900, 'px');
    let appended = 0;
    for (let turn = 0; turn < 60; turn++) {
      await log.append(Array.from({ length: 1_000 }, (_, index) => ({ key: `k${index}`, payload })));
      appended += 1_000 * payload.length;
      for (const partition of log.partitions) {
        const entries = await log.read(partition, await log.committed(partition), all);
        const last = entries.at(-1);
        if (last !== undefined) await log.commit(partition, last.position + 1);
      }
    }
    expect(await log.status()).toMatchObject({ depth: 0, bytes: 0 });
    await log.close();
    expect(appended).toBeGreaterThan(50_000_000);
    expect(statSync(path).size).toBeLessThan(12_000_000);
  });

  it('trims a long backlog in steps, and ends with nothing kept', async () => {
    const path = join(folder, 'backlog', 'log.mdb');
    const log = openLmdbLog({ ...settings, path, partitions: 1 });
    await log.append(Array.from({ length: 12_000 }, () => ({ key: 'k', payload: Buffer.alloc(10) })));
    await log.commit(0, 12_000);
    const appended = log.append([{ key: 'k', payload: Buffer.alloc(10) }]);
    expect(await appended).toEqual([{ partition: 0, position: 12_000 }]);
    await log.close();
    const reopened = openLmdbLog({ ...settings, path, partitions: 1 });
    expect(await reopened.status()).toMatchObject({ depth: 1, bytes: 22 });
    await reopened.close();
  });

  it('refuses appends before the disk is full, keeps none of them, and still commits', async () => {
    const path = join(folder, 'reserve', 'log.mdb');
    const roomy = openLmdbLog({ ...settings, path, partitions: 1 });
    await roomy.append([{ key: 'k', payload: Buffer.from('a') }]);
    await roomy.close();
    const log = openLmdbLog({ ...settings, path, partitions: 1, minFreeBytes: Number.MAX_SAFE_INTEGER });
    await expect(log.append([{ key: 'k', payload: Buffer.from('b') }])).rejects.toSatisfy(
      (error) => isAppError(error, 'log_full') && error.message.includes('Make room on the disk'),
    );
    expect((await log.status()).depth).toBe(1);
    await log.commit(0, 1);
    expect((await log.status()).depth).toBe(0);
    await log.close();
  });
});
