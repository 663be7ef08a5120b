import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { mendKafkajs } from './mend-kafkajs.ts';

it('lets an idle connection rest, and looks again where a request waits', async () => {
  await mendKafkajs();
  const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const logger = { debug: () => undefined };
  const queue = new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    clientId: 'px',
    broker: 'b',
    logger,
  });
  queue.checkPendingRequests();
  expect(queue.throttleCheckTimeoutId).toBeNull();
  // In flight and waiting: one of each.
  queue.inflight.set(1, {});
  queue.pending.push({});
  queue.checkPendingRequests();
  expect(queue.throttleCheckTimeoutId).not.toBeNull();
  queue.destroy();
});

it('compresses with LZ4, and reads back what it compressed', async () => {
  const { LZ4 } = kafkajs.CompressionTypes;
  expect(await mendKafkajs()).toBe(LZ4);
  const codec = kafkajs.CompressionCodecs[LZ4]?.();
  const bytes = Buffer.from('three clicks and a page view '.repeat(1_000));
  const packed: Buffer = await codec?.compress({ buffer: bytes });
  expect(packed.length).toBeLessThan(bytes.length / 10);
  expect((await codec?.decompress(packed))?.equals(bytes)).toBe(true);
});
