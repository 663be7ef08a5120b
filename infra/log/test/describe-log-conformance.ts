import { isAppError } from '@px-platform/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppendRecord, EventLog, LogEntry, LogPosition, LogReader } from '../src/event-log.ts';
import { toPartition } from '../src/partition.ts';

/** How the suite opens the log under test: twice with one `place` is a restart, another place is another log. */
export interface LogSettings {
  readonly place: string;
  readonly partitions: number;
  readonly maxBytes: number;
  readonly clock: () => number;
}

const noLimit = { maxRecords: 1_000_000, maxBytes: 1_000_000_000 };

/** What every log owes to ingest and processor, whatever holds its records. */
export function describeLogConformance(
  name: string,
  openLog: (settings: LogSettings) => (EventLog & LogReader) | Promise<EventLog & LogReader>,
  options: {
    /** Others decide how long records are kept, by time: `maxBytes` bounds only what waits to be appended, and `bytes` is that. */
    readonly isKeptByOthers?: boolean;
  } = {},
): void {
  const itHoldsRecords = it.skipIf(options.isKeptByOthers === true);

  describe(`${name} keeps the contract of a log`, () => {
    let now: number;
    let place: string;
    let places = 0;
    let log: PlacingLog;
    const open = async (changes: Partial<LogSettings> = {}) =>
      demandPlaces(await openLog({ place, partitions: 4, maxBytes: 100_000_000, clock: () => now, ...changes }));

    beforeEach(async () => {
      now = Date.parse('2026-03-01T12:00:00Z');
      place = `place-${places++}`;
      log = await open();
    });
    afterEach(() => log.close());

    async function reopen(changes: Partial<LogSettings> = {}): Promise<void> {
      await log.close();
      log = await open(changes);
    }
    const append = (key: string, text: string) => log.append([{ key, payload: Buffer.from(text) }]);
    const lies = (key: string) => toPartition(key, 4);
    /** Waits for a record, and notes that it is over. */
    function waitAt(partition: number, from: number, aborted = new AbortController().signal) {
      const over = log.arrived(partition, from, aborted).then(() => {
        wait.isOver = true;
      });
      const wait = { isOver: false, over };
      return wait;
    }

    it('numbers the records of a partition from 0 without gaps, in the order given', async () => {
      const first = await log.append(['a', 'b', 'c'].map((text) => ({ key: 'one', payload: Buffer.from(text) })));
      const second = await append('one', 'd');
      expect([...first, ...second].map(({ position }) => position)).toEqual([0, 1, 2, 3]);
      expect(toTexts(await log.read(lies('one'), 0, noLimit))).toEqual(['a', 'b', 'c', 'd']);
    });

    it('keeps one key in one partition and answers in the order of the records', async () => {
      const keys = ['ann', 'bob', 'cid', 'dot', 'eve', 'ann', 'eve'];
      const positions = await log.append(keys.map((key) => ({ key, payload: Buffer.from(key) })));
      expect(positions.map(({ partition }) => partition)).toEqual(keys.map(lies));
      for (const [index, { partition, position }] of positions.entries()) {
        const [entry] = await log.read(partition, position, { maxRecords: 1, maxBytes: 100 });
        expect(entry).toMatchObject({ partition, position, payload: Buffer.from(keys[index] ?? ''), appendedAt: now });
      }
    });

    it('gives back the bytes as they were, and none for an empty append', async () => {
      const payload = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
      const records = [payload, Buffer.alloc(0), Buffer.from([0]), payload.subarray(5, 9)];
      await log.append(records.map((part) => ({ key: 'k', payload: part })));
      expect(await log.append([])).toEqual([]);
      const entries = await log.read(lies('k'), 0, noLimit);
      expect(
        entries.map((entry) => Buffer.from(entry.payload ?? 'lost').equals(records[entry.position] ?? payload)),
      ).toEqual([true, true, true, true]);
    });

    it('stops reading at a count, at bytes, and gives at least one', async () => {
      await log.append(Array.from({ length: 10 }, () => ({ key: 'k', payload: Buffer.alloc(100) })));
      const read = async (from: number, maxRecords: number, maxBytes: number) =>
        (await log.read(lies('k'), from, { maxRecords, maxBytes })).map(({ position }) => position);
      expect(await read(2, 3, 1e6)).toEqual([2, 3, 4]);
      expect(await read(0, 100, 350)).toEqual([0, 1, 2]);
      expect(await read(0, 100, 400)).toEqual([0, 1, 2, 3]);
      expect(await read(7, 100, 1)).toEqual([7]);
      expect(await read(10, 100, 1e6)).toEqual([]);
      expect(await read(99, 100, 1e6)).toEqual([]);
    });

    it('tells who waits at the end of a partition once a record may be read there, and who waits elsewhere of nothing', async () => {
      const waits = log.partitions.map((partition) => waitAt(partition, 0));
      await someTurns();
      expect(waits.map(({ isOver }) => isOver)).toEqual([false, false, false, false]);
      await Promise.all([append('k', 'a'), waits[lies('k')]?.over]);
      expect(toTexts(await log.read(lies('k'), 0, noLimit))).toEqual(['a']);
      await someTurns();
      expect(waits.map(({ isOver }) => isOver)).toEqual(log.partitions.map((partition) => partition === lies('k')));
    });

    it('lets nobody wait for what is there already, and tells nobody of what lies before', async () => {
      await append('k', 'a');
      await waitAt(lies('k'), 0).over;
      expect(toTexts(await log.read(lies('k'), 0, noLimit))).toEqual(['a']);
      const waits = [waitAt(lies('k'), 1), waitAt(lies('k'), 1)];
      await log.commit(lies('k'), 1);
      await someTurns();
      expect(waits.map(({ isOver }) => isOver)).toEqual([false, false]);
      await Promise.all([append('k', 'b'), ...waits.map(({ over }) => over)]);
      expect(toTexts(await log.read(lies('k'), 1, noLimit))).toEqual(['b']);
    });

    it('tells of the next record where all before is trimmed, also after a restart', async () => {
      for (const text of ['a', 'b', 'c']) await append('k', text);
      await log.commit(lies('k'), 3);
      await reopen();
      const wait = waitAt(lies('k'), 3);
      await someTurns();
      expect(wait.isOver).toBe(false);
      await Promise.all([append('k', 'd'), wait.over]);
      expect(toTexts(await log.read(lies('k'), 3, noLimit))).toEqual(['d']);
    });

    it('lets go of who waits as soon as it is told to or closes, and lets nobody wait any more then', async () => {
      const ending = new AbortController();
      const [told, other] = [waitAt(0, 0, ending.signal), waitAt(0, 0)];
      await someTurns();
      ending.abort();
      await told.over;
      await waitAt(0, 0, ending.signal).over;
      await someTurns();
      expect(other.isOver).toBe(false);
      await log.close();
      await other.over;
      await waitAt(0, 0).over;
    });

    it('commits forward only, and reads from the committed position on', async () => {
      for (const text of ['a', 'b', 'c', 'd']) await append('k', text);
      expect(await log.committed(lies('k'))).toBe(0);
      await Promise.all([log.commit(lies('k'), 3), log.commit(lies('k'), 1)]);
      await log.commit(lies('k'), 2);
      expect(await log.committed(lies('k'))).toBe(3);
      expect(toTexts(await log.read(lies('k'), 0, noLimit))).toEqual(['d']);
    });

    it('refuses to commit past the end and knows no partition beyond its own', async () => {
      await append('k', 'a');
      await expect(log.commit(lies('k'), 2)).rejects.toThrow(RangeError);
      await expect(log.read(4, 0, noLimit)).rejects.toThrow(RangeError);
      await expect(log.committed(-1)).rejects.toThrow(RangeError);
      expect(log.partitions).toEqual([0, 1, 2, 3]);
    });

    it('keeps records, committed positions and its identity over a restart', async () => {
      for (const text of ['a', 'b', 'c']) await append('k', text);
      await log.commit(lies('k'), 1);
      const { logId } = log;
      await reopen();
      expect(log.logId).toBe(logId);
      expect(await log.committed(lies('k'))).toBe(1);
      expect(toTexts(await log.read(lies('k'), 1, noLimit))).toEqual(['b', 'c']);
      const other = await open({ place: `${place}-other` });
      expect(other.logId).not.toBe(logId);
      await other.close();
    });

    it('never uses a position again, even when all is trimmed and the log restarts', async () => {
      for (const text of ['a', 'b', 'c']) await append('k', text);
      await log.commit(lies('k'), 3);
      await reopen();
      await reopen();
      expect(await append('k', 'd')).toEqual([{ partition: lies('k'), position: 3 }]);
      expect(toTexts(await log.read(lies('k'), 3, noLimit))).toEqual(['d']);
    });

    it('still reads partitions that a larger setting left behind', async () => {
      const keys = Array.from({ length: 20 }, (_, index) => `person ${index}`);
      await log.append(keys.map((key) => ({ key, payload: Buffer.from(key) })));
      await reopen({ partitions: 2 });
      expect(log.partitions).toEqual([0, 1, 2, 3]);
      const left = await Promise.all(log.partitions.map((partition) => log.read(partition, 0, noLimit)));
      expect(toTexts(left.flat()).sort()).toEqual([...keys].sort());
      const added = await log.append(keys.map((key) => ({ key, payload: Buffer.from(key) })));
      expect(Math.max(...added.map(({ partition }) => partition))).toBe(1);
    });

    it('counts depth, lag and the age of the oldest record that waits', async () => {
      expect(await log.status()).toMatchObject({ depth: 0, oldestAgeMs: 0, bytes: 0, maxBytes: 100_000_000 });
      await append('k', 'first');
      now += 5_000;
      await append('k', 'second');
      await append('another', 'third');
      now += 1_000;
      const waiting = await log.status();
      expect(waiting).toMatchObject({ depth: 3, oldestAgeMs: 6_000 });
      expect(waiting.lagByPartition[String(lies('k'))]).toBe(lies('k') === lies('another') ? 3 : 2);
      expect(Object.keys(waiting.lagByPartition)).toEqual(['0', '1', '2', '3']);
      await log.commit(lies('k'), 1);
      expect(await log.status()).toMatchObject({ depth: 2, oldestAgeMs: 1_000 });
    });

    it('tells its state at any moment, also while what is committed is trimmed', async () => {
      for (let round = 0; round < 20; round += 1) {
        await log.append(
          Array.from({ length: 200 }, (_, index) => ({ key: 'k', payload: Buffer.from(String(index)) })),
        );
        let isDone = false;
        const commits = log.commit(lies('k'), round * 200 + 150).then(() => {
          isDone = true;
        });
        while (!isDone) {
          expect((await log.status()).depth).toBeGreaterThanOrEqual(50);
          await new Promise(setImmediate);
        }
        await commits;
      }
    });

    itHoldsRecords(
      'refuses what would pass the size limit, keeps none of it, and has room again after a commit',
      async () => {
        await reopen({ maxBytes: 10_000 });
        await log.append([{ key: 'k', payload: Buffer.alloc(6_000) }]);
        const before = await log.status();
        const tooMuch = ['k', 'l', 'm', 'n', 'o'].map((key) => ({ key, payload: Buffer.alloc(1_000) }));
        await expect(log.append(tooMuch)).rejects.toSatisfy((error) => isAppError(error, 'log_full'));
        expect(await log.status()).toEqual(before);
        await reopen({ maxBytes: 10_000 });
        expect(await log.status()).toEqual(before);
        await expect(log.append(tooMuch)).rejects.toSatisfy((error) => isAppError(error, 'log_full'));
        await log.append([{ key: 'k', payload: Buffer.alloc(3_000) }]);
        await log.commit(lies('k'), 1);
        await log.append(tooMuch);
        expect((await log.status()).depth).toBe(6);
      },
    );

    itHoldsRecords('holds to the size limit when many append at once', async () => {
      await reopen({ maxBytes: 10_000 });
      const answers = await Promise.allSettled(
        Array.from({ length: 50 }, () => log.append([{ key: 'k', payload: Buffer.alloc(1_000 - 12) }])),
      );
      const kept = answers.filter(({ status }) => status === 'fulfilled');
      expect(kept).toHaveLength(10);
      expect(await log.status()).toMatchObject({ depth: 10, bytes: 10_000 });
    });

    it('loses nothing and keeps the order of each caller when hundreds append at once', async () => {
      const callers = Array.from({ length: 300 }, (_, caller) => caller);
      await Promise.all(
        callers.map(async (caller) => {
          for (let turn = 0; turn < 10; turn++) await append(`caller ${caller}`, `${caller} ${turn}`);
        }),
      );
      const entries = (await Promise.all(log.partitions.map((partition) => log.read(partition, 0, noLimit)))).flat();
      expect(entries).toHaveLength(3_000);
      const turns = new Map<string, number>();
      for (const text of toTexts(entries)) {
        const [caller = '', turn] = text.split(' ');
        expect(Number(turn)).toBe(turns.get(caller) ?? 0);
        turns.set(caller, Number(turn) + 1);
      }
      for (const partition of log.partitions) {
        const positions = entries.filter((entry) => entry.partition === partition).map(({ position }) => position);
        expect(positions).toEqual(positions.map((_, index) => index));
      }
    });

    it('keeps calls in order that were made without waiting', async () => {
      const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => append('k', String(index))));
      expect(answers.map(([first]) => first?.position)).toEqual(answers.map((_, index) => index));
      expect(toTexts(await log.read(lies('k'), 0, noLimit))).toEqual(answers.map((_, index) => String(index)));
    });

    it('finishes what is under way when it closes, and refuses all after', async () => {
      const underway = Promise.all(Array.from({ length: 20 }, (_, index) => append('k', String(index))));
      await log.close();
      expect(await underway).toHaveLength(20);
      for (const call of [append('k', 'late'), log.status(), log.read(0, 0, noLimit), log.commit(0, 0)]) {
        await expect(call).rejects.toSatisfy((error) => isAppError(error, 'log_unavailable'));
      }
      await log.close();
      await reopen();
      expect((await log.status()).depth).toBe(20);
    });
  });
}

interface PlacingLog extends EventLog, LogReader {
  append(records: readonly AppendRecord[]): Promise<readonly LogPosition[]>;
}

/** A log that is there gives each record its position at once. */
function demandPlaces(log: EventLog & LogReader): PlacingLog {
  return {
    ...log,
    async append(records) {
      const positions = await log.append(records);
      return positions.map((at) => at ?? expect.fail('A record has no position.'));
    },
  };
}

/** Long enough for what another thread was told before. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

function toTexts(entries: readonly LogEntry[]): string[] {
  return entries.map(({ payload }) => (payload === null ? 'unreadable' : Buffer.from(payload).toString()));
}
