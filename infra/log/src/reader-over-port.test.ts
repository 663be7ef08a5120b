import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import { describeLogConformance } from '../test/describe-log-conformance.ts';
import type { LogEntry, LogReader } from './event-log.ts';
import { createMemoryDisk, createMemoryLog } from './memory.ts';
import { connectLogReader, serveLogReader } from './reader-over-port.ts';

const disks = new Map<string, ReturnType<typeof createMemoryDisk>>();

describeLogConformance('a log read over a port', ({ place, ...settings }) => {
  const disk = disks.get(place) ?? createMemoryDisk();
  disks.set(place, disk);
  const log = createMemoryLog({ ...settings, disk });
  return { ...log, ...readOver(log) };
});

const ports: MessagePort[] = [];
afterAll(() => {
  for (const port of ports) port.close();
});

function readOver(served: LogReader): LogReader {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1);
  serveLogReader(served, port1);
  return connectLogReader(port2, served);
}

it('keeps damaged and lost entries apart from sound ones', async () => {
  const entries: LogEntry[] = [
    { partition: 3, position: 7, appendedAt: 1_700_000_000_123.5, payload: Buffer.from('sound') },
    { partition: 3, position: 8, appendedAt: 0, payload: null, damaged: Buffer.from([0, 255]) },
    { partition: 3, position: 9, appendedAt: 0, payload: null },
    { partition: 3, position: 2 ** 47, appendedAt: 1, payload: Buffer.alloc(0) },
  ];
  const reader = readOver({
    logId: 'log',
    partitions: [3],
    committed: async () => 7,
    commit: async () => undefined,
    read: async () => entries,
    arrived: async () => undefined,
  });
  expect(await reader.read(3, 7, { maxRecords: 10, maxBytes: 10 })).toEqual(entries);
});

it('waits for nothing any more once the port is closed, and nobody is left waiting on the other side', async () => {
  const { port1, port2 } = new MessageChannel();
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e6, clock: () => 0 });
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const served: LogReader = {
    ...log,
    async arrived(...asked) {
      begun.resolve();
      await log.arrived(...asked);
      over.resolve();
    },
  };
  serveLogReader(served, port1);
  const waiting = connectLogReader(port2, served).arrived(0, 0, new AbortController().signal);
  await begun.promise;
  port2.close();
  await waiting;
  await over.promise;
});
