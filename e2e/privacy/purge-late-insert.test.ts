import { eventTopic } from '@px-platform/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestTopic } from '../../infra/log/test/kafka/open-test-topic.ts';
import { type Stack, startStack } from '../chaos/start-stack.ts';
import { exportRows, makeServerKey } from '../src/standalone-process.ts';

const timeout = 90_000;
let open: Stack | undefined;

beforeAll(async () => {
  const env = { KAFKA_SESSION_TIMEOUT_MS: '6000', FLUSH_INTERVAL_MS: '20', LOG_LEVEL: 'warn' };
  open = await startStack({ brokers: 1, servers: 1, processors: 2, partitions: 2, env });
}, 240_000);
afterAll(() => open?.close());

it('leaves nothing of a person whose rows reach the store after the purge, by a processor that was frozen in its insert', async () => {
  if (open === undefined) throw new Error('the stack did not start');
  const { network, places, processors, kafka, clients } = open;
  const [client] = clients;
  if (client === undefined) throw new Error('the stack has no server');
  const key = await makeServerKey(client);
  const countRows = async () => (await exportRows(client, key)).length;
  const admin = { Authorization: `Bearer ${client.adminToken}`, 'Content-Type': 'application/json' };
  const send = async (event: string) => {
    const answer = await fetch(`${client.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'X-API-Key': client.apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ event, anonymous_id: 'anna' }),
    });
    expect(answer.status).toBe(202);
  };
  await send('before');
  await expect.poll(countRows, { timeout }).toBe(1);

  // Who stored it has her partition.
  const counts = await Promise.all(processors.map(({ url }) => readCount(url)));
  const [frozen, place] = [processors[counts.indexOf(1)], places.processors[counts.indexOf(1)]];
  if (frozen === undefined || place === undefined) throw new Error(`no processor has stored: ${counts}`);
  network.cut(place, places.engine);
  await send('on its way');
  const topic = await openTestTopic({ name: 'kafkajs', bootstrap: kafka.bootstrap, topic: eventTopic });
  const asker = await topic.client.openAdmin();
  // Once the batch is planned its insert goes out, and arrives nowhere.
  await expect
    .poll(async () => (await asker.committed(`px.${eventTopic}`)).some((one) => (one?.note ?? '') !== ''), { timeout })
    .toBe(true);
  await asker.close();
  frozen.freeze();

  const url = `${client.url}/admin/v1/projects/${client.projectId}/purges`;
  const asked = await fetch(url, { method: 'POST', headers: admin, body: JSON.stringify({ anonymous_id: 'anna' }) });
  expect(asked.ok).toBe(true);
  const { purge_id } = Object(await asked.json());
  const readState = async () => Object(await (await fetch(`${url}/${purge_id}`, { headers: admin })).json()).state;
  await expect.poll(readState, { timeout }).toBe('done');
  expect(await countRows()).toBe(0);

  network.mend(place, places.engine);
  frozen.thaw();
  await expect.poll(() => frozen.said(), { timeout }).toContain('the person is purged again');
  await expect.poll(countRows, { timeout }).toBe(0);
}, 300_000);

async function readCount(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^px_processor_rows_total (\d+)$/m.exec(text)?.[1]);
}
