import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../event-log.ts';
import { createPartitionBuffer } from './partition-buffer.ts';

const noLimit = { maxRecords: 1e6, maxBytes: 1e9 };

function open(start = 0) {
  const calls: string[] = [];
  const buffer = createPartitionBuffer(start, {
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
    seek: (position) => calls.push(`seek ${position}`),
  });
  const add = (from: number, positions: readonly number[], bytes = 1, next = (positions.at(-1) ?? from) + 1) =>
    buffer.add({ from, next, entries: positions.map((position) => toEntry(position, bytes)) });
  const take = (from: number, limits = noLimit) => buffer.take(from, limits).map(({ position }) => position);
  return { buffer, calls, add, take };
}

function toEntry(position: number, bytes: number): LogEntry {
  return { partition: 0, position, payload: Buffer.alloc(bytes), appendedAt: 1 };
}

describe('the buffer of a partition', () => {
  it('gives what was fetched, again and from any position not yet passed, over gaps', () => {
    const { add, take } = open(5);
    expect(add(5, [5, 6, 9])).toBe(true);
    expect(add(10, [12])).toBe(true);
    expect(take(5)).toEqual([5, 6, 9, 12]);
    expect(take(5, { maxRecords: 2, maxBytes: 1e9 })).toEqual([5, 6]);
    expect(take(7)).toEqual([9, 12]);
    expect(take(13)).toEqual([]);
  });

  it('has nothing below what was read past', () => {
    const { buffer, add, take } = open();
    add(0, [0, 1, 2]);
    expect(take(2)).toEqual([2]);
    expect(take(1)).toEqual([]);
    expect(buffer.covers(1)).toBe(false);
    expect(buffer.covers(2)).toBe(true);
  });

  it('leaves out a fetch that was asked for before a seek, so that nothing is passed over', () => {
    const { buffer, calls, add, take } = open();
    add(0, [0, 1, 2, 3]);
    take(3);
    buffer.seek(1);
    expect(add(4, [4, 5])).toBe(false);
    expect(take(1)).toEqual([]);
    expect(add(1, [1, 2, 3])).toBe(true);
    expect(take(1)).toEqual([1, 2, 3]);
    expect(calls).toEqual(['seek 1']);
  });

  it('leaves out what lies below the position asked for, where a batch begins before it', () => {
    const { add, take } = open(2);
    add(2, [0, 1, 2, 3]);
    expect(take(2)).toEqual([2, 3]);
  });

  it('goes on over a fetch that held nothing of ours', () => {
    const { buffer, add, take } = open();
    add(0, [], 1, 7);
    expect(buffer.next()).toBe(7);
    add(7, [7]);
    expect(take(0)).toEqual([7]);
  });

  it('pauses when it is full and resumes when half of it was read', () => {
    const { buffer, calls, add, take } = open();
    const mib = 1024 * 1024;
    add(0, [0, 1, 2], mib);
    expect(calls).toEqual([]);
    add(3, [3, 4], mib);
    expect(calls).toEqual(['pause']);
    take(2);
    expect(calls).toEqual(['pause']);
    take(3);
    expect(calls).toEqual(['pause', 'resume']);
    add(5, [5, 6, 7], mib);
    buffer.seek(0);
    expect(calls).toEqual(['pause', 'resume', 'pause', 'seek 0', 'resume']);
  });

  it('wakes who waits for the next fetch', async () => {
    const { buffer, add } = open();
    const changed = buffer.changed();
    add(0, [0]);
    await changed;
  });
});
