import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWithholdingProxy, type WithholdingProxy } from '../../infra/store/test/withholding-proxy.ts';
import { loopback } from '../chaos/network/loopback.ts';
import { type Stack, startStack } from '../chaos/start-stack.ts';
import { exportRows, makeServerKey } from '../src/standalone-process.ts';

const timeout = 90_000;
let stack: Stack;
let line: WithholdingProxy | undefined;

beforeAll(async () => {
  stack = await startStack({
    brokers: 1,
    servers: 1,
    processors: 2,
    partitions: 2,
    network: loopback,
    env: { FLUSH_INTERVAL_MS: '20' },
    async openWayToEngine(url) {
      line = await openWithholdingProxy(url);
      return line.url;
    },
  });
}, 240_000);
afterAll(async () => {
  await stack?.close();
  await line?.close();
});

it('leaves nothing of a person whose rows reach the store after the purge', async () => {
  const { processors, clients } = stack;
  const [client] = clients;
  if (client === undefined || line === undefined) throw new Error('the stack did not start');
  const key = await makeServerKey(client);
  const send = async (anonymous_id: string) => {
    const answer = await fetch(`${client.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'X-API-Key': client.apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ event: 'seen', anonymous_id }),
    });
    expect(answer.status).toBe(202);
  };
  const readRows = async (of?: string) =>
    (await exportRows(client, key)).filter(({ anonymous_id }) => of === undefined || anonymous_id === of);

  // Until each processor has a partition. Who holds the first one carries out purges; the person's rows come by the other.
  let sent = 0;
  let person: string | null = null;
  for (let counts = [0]; counts.includes(0) || person === null; ) {
    sent += 1;
    await send(`person ${sent}`);
    await expect.poll(async () => (await readRows()).length, { timeout }).toBe(sent);
    counts = await Promise.all(processors.map(({ url }) => readCount(url)));
    person ??= toPerson((await readRows()).find(({ _partition }) => _partition === 1));
  }
  expect(await readRows(person)).toHaveLength(1);

  line.holdNext('INSERT INTO events ');
  await send(person);
  await expect.poll(() => line?.held(), { timeout }).toBe(1);
  const url = `${client.url}/admin/v1/projects/${client.projectId}/purges`;
  const headers = { Authorization: `Bearer ${client.adminToken}`, 'Content-Type': 'application/json' };
  const asked = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ anonymous_id: person }) });
  expect(asked.ok).toBe(true);
  const { purge_id } = Object(await asked.json());
  const readState = async () => Object(await (await fetch(`${url}/${purge_id}`, { headers })).json()).state;
  await expect.poll(readState, { timeout }).toBe('done');
  expect(await readRows(person)).toEqual([]);

  line.release();
  await expect.poll(async () => (await readRows(person)).length, { timeout }).toBe(1);
  await expect.poll(() => readRows(person), { timeout }).toEqual([]);
  expect(await readRows()).toHaveLength(sent - 1);
}, 300_000);

function toPerson(row: Readonly<Record<string, unknown>> | undefined): string | null {
  return row === undefined ? null : String(row['anonymous_id']);
}

async function readCount(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^px_processor_rows_total (\d+)$/m.exec(text)?.[1] ?? 0);
}
