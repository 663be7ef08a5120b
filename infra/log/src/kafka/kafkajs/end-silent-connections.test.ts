import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { mendKafkajs } from './mend-kafkajs.ts';

const logger = { namespace: () => logger, debug: () => undefined, error: () => undefined };
const { protocol } = createRequire(import.meta.url)('kafkajs/src/protocol/requests/metadata');
const metadata = protocol({ version: 6 })({ topics: [] });

it('ends a connection whose broker does not answer, with all that waits on it', async () => {
  await mendKafkajs();
  const silent = createServer((socket) => socket.resume());
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => void silent.close());
  const { port }: AddressInfo = Object(silent.address());
  const Connection = createRequire(import.meta.url)('kafkajs/src/network/connection');
  const connection = new Connection({
    host: '127.0.0.1',
    port,
    logger,
    clientId: 'px',
    connectionTimeout: 1_000,
    requestTimeout: 100,
    socketFactory: ({ onConnect }: { onConnect: () => void }) => connect({ port, host: '127.0.0.1' }, onConnect),
  });
  await connection.connect();
  const patient = connection.send({ ...metadata, requestTimeout: 60_000 });
  const asked = await Promise.allSettled([patient, connection.send(metadata)]);
  expect(asked.map((one) => one.status === 'rejected' && one.reason.name)).toEqual([
    'KafkaJSConnectionError',
    'KafkaJSRequestTimeoutError',
  ]);
  expect(connection.isConnected()).toBe(false);
});
