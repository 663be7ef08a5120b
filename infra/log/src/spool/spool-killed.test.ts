import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runInChild } from '../../test/run-in-child.ts';
import { createSpoolObserver } from '../../test/spool-observer.ts';
import { openLmdbLog } from '../lmdb.ts';
import { createSpooledLog } from './create-spooled-log.ts';
import { openSpool } from './open-spool.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-spool-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a server's log until it is killed, `rounds` times, each time a later one on what the one before left. Gives what was answered. */
async function runKilled(
  place: string,
  manner: string,
  rounds: number,
  isLast: (line: string, count: number) => boolean,
) {
  const acknowledged = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    let count = 0;
    const { lines, signal } = await runInChild('spool-until-killed.ts', [place, manner, String(round * 1_000_000)], {
      onLine: (line, kill) => {
        if (isLast(line, ++count)) kill();
      },
    });
    expect(signal).toBe('SIGKILL');
    for (const line of lines.filter((own) => own.startsWith('+ '))) acknowledged.add(line.slice(2));
  }
  return acknowledged;
}

/** Opens what the killed left, drains it, and gives what the log holds: each record's first place. */
async function drain(place: string) {
  const clock = () => 1;
  const broker = openLmdbLog({
    path: join(place, 'broker.lmdb'),
    partitions: 3,
    maxBytes: 1e9,
    minFreeBytes: 0,
    clock,
  });
  const spool = await openSpool({ folder: join(place, 'spool'), maxBytes: 3_000_000, minFreeBytes: 0, clock });
  const observer = createSpoolObserver();
  const [random, stopwatch] = [Math.random, () => performance.now()];
  const log = createSpooledLog({ log: broker, backend: 'lmdb', spool, telemetry: observer, random, stopwatch });
  const waited = (await log.status()).spool?.depth ?? 0;
  await expect
    .poll(async () => (await log.status()).spool, { timeout: 30_000 })
    .toMatchObject({ isInUse: false, depth: 0 });
  const turns = new Map<string, number[]>();
  let copies = 0;
  for (const partition of broker.partitions) {
    for (const { payload } of await broker.read(partition, 0, { maxRecords: 1e7, maxBytes: 1e10 })) {
      const [caller = '', turn] = Buffer.from(payload ?? '')
        .toString()
        .trimEnd()
        .split(' ');
      const own = turns.get(caller) ?? [];
      if (own.includes(Number(turn))) copies += 1;
      else own.push(Number(turn));
      turns.set(caller, own);
    }
  }
  await log.close();
  return { turns, copies, waited, seen: observer.seen };
}

function expectWhole(acknowledged: ReadonlySet<string>, turns: ReadonlyMap<string, readonly number[]>): void {
  const held = new Set([...turns].flatMap(([caller, own]) => own.map((turn) => `${caller} ${turn}`)));
  expect([...acknowledged].filter((text) => !held.has(text))).toEqual([]);
  for (const own of turns.values()) expect(own).toEqual([...own].sort((a, b) => a - b));
}

describe('a server killed with SIGKILL', () => {
  it('drains its full spool after its restart: all that was answered, in the order of each person', async () => {
    const place = join(folder, 'full');
    const acknowledged = await runKilled(place, 'gone', 1, (line) => line === 'full');
    const { turns, copies, waited } = await drain(place);
    expect(acknowledged.size).toBeGreaterThan(1_000);
    expect(waited).toBeGreaterThanOrEqual(acknowledged.size);
    expect(copies).toBe(0);
    expectWhole(acknowledged, turns);
  });

  it('loses nothing at any moment of the way into the spool and out of it', async () => {
    const place = join(folder, 'flaps');
    const acknowledged = await runKilled(place, 'flaps', 12, (_, count) => count > 300 + Math.random() * 60_000);
    const { turns } = await drain(place);
    expect(acknowledged.size).toBeGreaterThan(3_600);
    expectWhole(acknowledged, turns);
  });
});
