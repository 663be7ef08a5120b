import { eventTopic } from '@px-platform/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestTopic } from '../../infra/log/test/kafka/open-test-topic.ts';
import { exportRows, makeServerKey } from '../src/standalone-process.ts';
import type { Place } from './network/open-network.ts';
import { type Stack, startStack } from './start-stack.ts';

const sessionMs = 6_000;
/** Sessions end, leaders are chosen anew, and requests that nobody refuses run out of patience. */
const recoveryMs = 15 * sessionMs;
const persons = 24;

let open: Stack | undefined;
const sent: string[] = [];

beforeAll(async () => {
  const env = { KAFKA_SESSION_TIMEOUT_MS: String(sessionMs), BATCH_SIZE: '100', FLUSH_INTERVAL_MS: '20' };
  open = await startStack({ brokers: 3, servers: 1, processors: 2, partitions: 6, env });
}, 240_000);
afterAll(() => open?.close());

function stack(): Stack {
  if (open === undefined) throw new Error('the stack did not start');
  return open;
}

/** Sends an event of each person, so that all partitions get some, until it is acknowledged. */
async function send(name: string): Promise<void> {
  const [client] = stack().clients;
  const events = Array.from({ length: persons }, (_, n) => ({ event: `${name} ${n}`, anonymous_id: `visitor ${n}` }));
  const answer = await fetch(`${client?.url}/api/v1/events/batch`, {
    method: 'POST',
    headers: { 'X-API-Key': client?.apiKey ?? '', 'Content-Type': 'application/json' },
    body: JSON.stringify({ events }),
  });
  expect(answer.status).toBe(202);
  sent.push(...events.map(({ event }) => event));
}

/** Waits until what was sent is stored, each once. The store is asked: the queue's depth is as of when the brokers last told it. */
async function untilStored(): Promise<void> {
  const [client] = stack().clients;
  if (client === undefined) throw new Error('the stack has no server');
  const key = await makeServerKey(client);
  const readNames = async () => (await exportRows(client, key)).map((row) => String(row['event'])).sort();
  await expect.poll(async () => (await readNames()).length, { timeout: recoveryMs, interval: 250 }).toBe(sent.length);
  expect(await readNames()).toEqual(sent.toSorted());
}

function cutAll(one: Place, others: readonly Place[], change: 'cut' | 'mend'): void {
  for (const other of others) {
    stack().network[change](one, other);
    stack().network[change](other, one);
  }
}

it('goes on without a broker that nobody reaches, and takes it back', async () => {
  const { kafka, places } = stack();
  const { brokers, servers, processors } = places;
  const topic = await openTestTopic({ name: 'kafkajs', bootstrap: kafka.bootstrap, topic: eventTopic });
  await send('before');
  await untilStored();
  const [broker, ...peers] = brokers;
  if (broker === undefined) throw new Error('the stack has no broker');
  const others = [...peers, ...servers, ...processors];
  cutAll(broker, others, 'cut');
  await send('without it');
  // While it is away: what it led has gone to others.
  await untilStored();
  cutAll(broker, others, 'mend');
  await expect.poll(() => topic.inSync(), { timeout: recoveryMs }).toBe(brokers.length);
  await send('with it again');
  await untilStored();
}, 300_000);

it('stores once what a processor inserts that no longer hears the store, and whose partitions have gone to another', async () => {
  const { network, places } = stack();
  const [processor] = places.processors;
  if (processor === undefined) throw new Error('the stack has no processor');
  network.cut(places.engine, processor);
  await send('inserted without an answer');
  cutAll(processor, places.brokers, 'cut');
  await send('after it was cut off');
  await untilStored();
  network.mend(places.engine, processor);
  cutAll(processor, places.brokers, 'mend');
  await send('after it came back');
  await untilStored();
}, 300_000);
