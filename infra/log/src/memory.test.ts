import { describeLogConformance } from '../test/describe-log-conformance.ts';
import { createMemoryDisk, createMemoryLog, type MemoryDisk } from './memory.ts';

const disks = new Map<string, MemoryDisk>();
describeLogConformance('the memory log', ({ place, ...settings }) => {
  const disk = disks.get(place) ?? createMemoryDisk();
  disks.set(place, disk);
  return createMemoryLog({ ...settings, disk });
});
