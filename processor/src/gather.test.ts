import { createMemoryLog, type LogEntry } from '@px-platform/log';
import { expect, it } from 'vitest';
import { presentTurn, toBatchTurn } from './batch-turn.ts';
import { processorConfigSchema } from './config.ts';
import { gather } from './gather.ts';

/** Gathers from a log whose `records` were appended so long ago, while `passMs` pass between two reads; gives how many came, and in how many reads. */
async function gatherOld(records: number, batchSize: number, ageMs: number, passMs = 0) {
  const time = { now: 0 };
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => time.now });
  await log.append(Array.from({ length: records }, (_, at) => ({ key: 'anna', payload: Buffer.from(String(at)) })));
  time.now = ageMs;
  let reads = 0;
  const reader: typeof log = {
    ...log,
    read(...asked) {
      reads += 1;
      time.now += passMs;
      return log.read(...asked);
    },
  };
  const config = processorConfigSchema.parse({ BATCH_SIZE: batchSize });
  const gathered: LogEntry[] = [];
  const open = new AbortController().signal;
  await gather({ config, reader, clock: () => time.now }, 0, 0, gathered, {
    stopping: open,
    aborted: open,
    turn: presentTurn,
  });
  return { gathered: gathered.length, reads };
}

it('takes all that waits where it is behind, not only the first read of it', async () => {
  expect(await gatherOld(1_200, 10_000, 60_000)).toEqual({ gathered: 1_200, reads: 3 });
});

it('takes no more than a batch where it is behind by more', async () => {
  expect(await gatherOld(5_000, 2_000, 60_000)).toEqual({ gathered: 2_000, reads: 4 });
});

it('goes with what is there once the oldest has waited long enough', async () => {
  expect(await gatherOld(3, 10_000, 500)).toEqual({ gathered: 3, reads: 1 });
});

it('waits no longer for records of a server whose clock is an hour ahead', async () => {
  expect(await gatherOld(3, 10_000, -3_600_000, 250)).toEqual({ gathered: 3, reads: 3 });
});

it('waits for more also where nothing was there at first', async () => {
  const time = { now: 0 };
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => time.now });
  let reads = 0;
  const reader: typeof log = {
    ...log,
    async read(...asked) {
      reads += 1;
      time.now += 250;
      if (reads === 3) await log.append([{ key: 'anna', payload: Buffer.from('a') }]);
      return log.read(...asked);
    },
    async arrived(...asked) {
      await log.append([{ key: 'anna', payload: Buffer.from('a') }]);
      return log.arrived(...asked);
    },
  };
  const config = processorConfigSchema.parse({});
  const gathered: LogEntry[] = [];
  const open = new AbortController().signal;
  await gather({ config, reader, clock: () => time.now }, 0, 0, gathered, {
    stopping: open,
    aborted: open,
    turn: presentTurn,
  });
  expect({ gathered: gathered.length, reads }).toEqual({ gathered: 2, reads: 3 });
});

it('asks once where nothing is there, and again when it is told of something', async () => {
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => 0 });
  const arrival = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();
  let reads = 0;
  const reader: typeof log = {
    ...log,
    read(...asked) {
      reads += 1;
      return log.read(...asked);
    },
    arrived() {
      waiting.resolve();
      return arrival.promise;
    },
  };
  const gathered: LogEntry[] = [];
  const open = new AbortController().signal;
  const config = processorConfigSchema.parse({});
  const gathering = gather({ config, reader, clock: () => 60_000 }, 0, 0, gathered, {
    stopping: open,
    aborted: open,
    turn: presentTurn,
  });
  await waiting.promise;
  expect(reads).toBe(1);
  await log.append([{ key: 'anna', payload: Buffer.from('x') }]);
  arrival.resolve();
  await gathering;
  expect([gathered.length, reads]).toEqual([1, 2]);
});

it('ends as soon as it is to stop, where it waits for something to come', async () => {
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => 0 });
  const stopping = new AbortController();
  const waiting = Promise.withResolvers<void>();
  const reader: typeof log = {
    ...log,
    arrived(...asked) {
      waiting.resolve();
      return log.arrived(...asked);
    },
  };
  const gathered: LogEntry[] = [];
  const signals = { stopping: stopping.signal, aborted: new AbortController().signal, turn: presentTurn };
  const config = processorConfigSchema.parse({});
  const gathering = gather({ config, reader, clock: () => 0 }, 0, 0, gathered, signals);
  await waiting.promise;
  stopping.abort();
  await gathering;
  expect(gathered).toEqual([]);
});

it('grows until its turn comes, and goes at once then', async () => {
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => 0 });
  const before = Promise.withResolvers<boolean>();
  let reads = 0;
  const reader: typeof log = {
    ...log,
    async read(...asked) {
      reads += 1;
      await log.append([{ key: 'anna', payload: Buffer.from('a') }]);
      if (reads === 3) before.resolve(true);
      return log.read(...asked);
    },
  };
  const gathered: LogEntry[] = [];
  const open = new AbortController().signal;
  const config = processorConfigSchema.parse({});
  const signals = { stopping: open, aborted: open, turn: toBatchTurn(before.promise) };
  await gather({ config, reader, clock: () => 60_000 }, 0, 0, gathered, signals);
  expect([gathered.length, reads]).toEqual([3, 3]);
});

it('goes without its turn where it is full', async () => {
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => 0 });
  await log.append(Array.from({ length: 5 }, () => ({ key: 'anna', payload: Buffer.from('a') })));
  const gathered: LogEntry[] = [];
  const open = new AbortController().signal;
  const config = processorConfigSchema.parse({ BATCH_SIZE: 5 });
  const signals = { stopping: open, aborted: open, turn: toBatchTurn(new Promise(() => undefined)) };
  await gather({ config, reader: log, clock: () => 60_000 }, 0, 0, gathered, signals);
  expect(gathered.length).toBe(5);
});
