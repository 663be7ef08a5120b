import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toEachKind } from './arbitrary.ts';
import { type FuzzRequest, type Known, toRequest } from './fuzz-request.ts';
import { toGood } from './provoke.ts';
import { type Answer, checkAnswer, type ListedOperation, readOperations } from './the-document.ts';
import { startWorld, type World } from './world.ts';

/** The same requests each time; what fails is told with its seed and the path to it. */
const seed = 20260115;
const atLeast = 5_000;
const maxAnswerMs = 5_000;

const operations = readOperations();
const runsOfEach = Math.ceil(atLeast / operations.length);
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const statuses = new Map<string, number>();
let world: World;
let known: Known;

beforeAll(async () => {
  world = await startWorld();
  known = { world, keyId: (await world.makeKey()).id };
});
afterAll(async () => {
  agent.destroy();
  await world.close();
});

describe('requests made from docs/openapi.json, good and broken: no 5xx, no hang, no answer that is not listed', () => {
  it.each(operations.map((operation, index) => ({ ...operation, index })))('$name', async ({ index, ...operation }) => {
    const property = fc.asyncProperty(toRequest(operation, known), (sent) => expectListed(operation, sent));
    await fc.assert(property, { seed: seed + index, numRuns: runsOfEach });
  });

  it.each(operations.filter(({ body }) => body !== null))('$name, each field of each kind', async (operation) => {
    const { path, headers } = await toGood(world, operation);
    for (const body of toEachKind(operation.body?.schema ?? {}, operation.body?.example)) {
      await expectListed(operation, { path, headers, body: Buffer.from(body) }).catch((cause: unknown) => {
        throw new Error(`${operation.name} with ${body}`, { cause });
      });
    }
  });

  it(`were ${atLeast} or more, a good part of them taken, and left a server that is well`, async () => {
    const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
    const taken = [...statuses].reduce((sum, [status, count]) => sum + (status.startsWith('2') ? count : 0), 0);
    expect(total).toBeGreaterThanOrEqual(atLeast);
    expect(taken / total).toBeGreaterThan(0.4);
    expect([...statuses.keys()]).toEqual(
      expect.arrayContaining(['200', '202', '400', '401', '403', '404', '413', '415']),
    );
    expect(Object.hasOwn({}, 'polluted') || 'polluted' in {}).toBe(false);
    expect(await (await fetch(`${world.server.url}/health`)).json()).toMatchObject({ status: 'ok' });
  });
});

async function expectListed(operation: ListedOperation, sent: FuzzRequest): Promise<void> {
  const answer = await send(operation, sent);
  statuses.set(String(answer.status), (statuses.get(String(answer.status)) ?? 0) + 1);
  expect(answer.status, answer.text).toBeLessThan(500);
  const { case: shown, misfits } = checkAnswer(operation, answer);
  expect(misfits).toEqual([]);
  expect(operation.cases).toContain(shown);
}

/** Sends it on a connection that was used before; rejects where no answer ends in time. */
function send({ method, path }: ListedOperation, { path: target, headers, body }: FuzzRequest): Promise<Answer> {
  const { port } = world.server;
  return new Promise((resolve, reject) => {
    const asking = request({ port, host: '127.0.0.1', agent, method, path: target, headers }, async (response) => {
      const status = response.statusCode ?? 0;
      const pairs = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
      const isEndless = path === '/api/v1/live' && status === 200;
      const text = isEndless ? '' : Buffer.concat(await response.toArray()).toString();
      if (isEndless) response.destroy();
      clearTimeout(deadline);
      resolve({ status, headers: new Headers(pairs), text });
    });
    const deadline = setTimeout(() => asking.destroy(new Error(`no answer within ${maxAnswerMs} ms`)), maxAnswerMs);
    asking.on('error', (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    asking.end(body ?? undefined);
  });
}
