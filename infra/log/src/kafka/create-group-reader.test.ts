import { AppError } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import { createGroupReader } from './create-group-reader.ts';
import type { KafkaAdmin, KafkaAssignment } from './kafka-client.ts';
import { createPartitionBuffer } from './partition-buffer.ts';

/** A reader of partition 0, whose records 0 to 4 were read, and what it asked the brokers for. */
function openReader() {
  const asked = { ends: 0 };
  const admin = {
    async ends() {
      asked.ends += 1;
      return [5];
    },
  } as unknown as KafkaAdmin;
  const assignment = { partitions: [0] } as unknown as KafkaAssignment;
  const nothing = () => undefined;
  const buffer = createPartitionBuffer(5, { pause: nothing, resume: nothing, seek: nothing });
  const partitions = new Map([[0, { committed: 5, plannedEnd: null, buffer }]]);
  const { reader, end } = createGroupReader({
    logId: 'log',
    topic: 'events',
    assignment,
    partitions,
    partitionCount: 12,
    admin,
  });
  const arrive = (position: number) =>
    buffer.add({
      from: buffer.next(),
      next: position + 1,
      entries: [{ partition: 0, position, payload: Buffer.from('x'), appendedAt: 1 }],
    });
  return { reader, end, arrive, asked };
}

/** Whether the work has ended after some turns of the event loop. */
async function hasEnded(work: Promise<void>): Promise<boolean> {
  let ended = false;
  void work.then(() => {
    ended = true;
  });
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  return ended;
}

it('tells of a record once it is fetched, and asks the brokers for nothing meanwhile', async () => {
  const { reader, arrive, asked } = openReader();
  const open = new AbortController().signal;
  const arrived = reader.arrived(0, 5, open);
  expect(await hasEnded(arrived)).toBe(false);
  arrive(5);
  expect(await hasEnded(arrived)).toBe(true);
  expect(asked.ends).toBe(0);
  // It is here, and waits for nobody.
  expect(await hasEnded(reader.arrived(0, 5, open))).toBe(true);
  const beyond = reader.arrived(0, 6, open);
  expect(await hasEnded(beyond)).toBe(false);
  arrive(7);
  expect(await hasEnded(beyond)).toBe(true);
});

it('lets go of who waits when told to, and when the generation is over', async () => {
  const { reader, end } = openReader();
  const ending = new AbortController();
  const [first, second] = [reader.arrived(0, 5, ending.signal), reader.arrived(0, 5, new AbortController().signal)];
  expect(await hasEnded(first)).toBe(false);
  ending.abort();
  expect([await hasEnded(first), await hasEnded(second)]).toEqual([true, false]);
  end(new AppError('log_revoked', 'Over.'));
  expect(await hasEnded(second)).toBe(true);
  expect(await hasEnded(reader.arrived(0, 5, new AbortController().signal))).toBe(true);
});
