import type { ControlStore, PlanMode } from '@px-platform/control';
import { AppError } from '@px-platform/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminToken, startTestServer, type TestServer } from './test-server.ts';

/** What a change of a plan may take to hold, and what the grant of a key is kept for. */
const grantMs = 4_000;

let server: TestServer;
let isAway = false;
beforeAll(async () => {
  server = await startTestServer({ wrapControl });
});
afterAll(() => server.close());
beforeEach(async () => {
  isAway = false;
  await server.takeRecords();
});

/** Gives no schemas while the test says so; keys are still known. */
function wrapControl(control: ControlStore): ControlStore {
  return {
    ...control,
    async listEventSchemas(projectId) {
      if (isAway) throw new AppError('control_unavailable', 'away');
      return control.listEventSchemas(projectId);
    },
  };
}

async function post(path: string, body: unknown, key = server.keys.srv) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(server.url + path, { method: 'POST', body: JSON.stringify(body), headers });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
async function admin(method: string, event: string, body?: object) {
  const path = `/admin/v1/projects/${server.projectId}/event-schemas/${encodeURIComponent(event)}`;
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const answer = await fetch(server.url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}
/** Sets the schemas of events and lets the grants of keys become old. */
async function plan(mode: PlanMode, schema: object, ...events: string[]) {
  for (const event of events) expect([200, 201]).toContain((await admin('PUT', event, { mode, schema })).status);
  server.now += grantMs;
}
const stored = async () => (await server.takeRecords()).flatMap((record) => record.events);
async function counted(metric: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${metric} `))
      ?.split(' ')[1] ?? 0,
  );
}

const priced = { type: 'object', required: ['price'], properties: { price: { type: 'number' } } };
const bad = { price: '9.50' };
const names = ['Order Completed', 'page_view', 'screen_view', 'identify', 'group', 'alias'];

/** Each way in, with one event that does not fit. */
const ways: [string, object, string][] = [
  ['/api/v1/events', { event: ' Order Completed ', user_id: 'u', properties: bad }, 'properties.price'],
  ['/api/v1/page', { user_id: 'u', properties: bad }, 'properties.price'],
  ['/api/v1/identify', { user_id: 'u', traits: bad }, 'traits.price'],
  ['/api/v1/group', { user_id: 'u', group_id: 'g', traits: bad }, 'traits.price'],
  ['/api/v1/alias', { user_id: 'u', previous_id: 'a', properties: bad }, 'properties.price'],
  ['/v1/track', { event: 'Order Completed', userId: 'u', properties: bad }, 'properties.price'],
  ['/v1/page', { userId: 'u', name: 'Home', properties: bad }, 'properties.price'],
  ['/v1/screen', { userId: 'u', properties: bad }, 'properties.price'],
  ['/v1/identify', { userId: 'u', traits: bad }, 'traits.price'],
  ['/v1/group', { userId: 'u', groupId: 'g', traits: bad }, 'traits.price'],
];

describe('a plan in mode reject', () => {
  beforeAll(() => plan('reject', priced, ...names));

  it.each(ways)('refuses what comes by %s and does not fit', async (path, body, at) => {
    const answer = await post(path, body);
    const error = { code: 'schema_violation', path: at, message: 'must be number' };
    const details = path.startsWith('/v1/')
      ? { rejected: 1, events: [{ index: 0, status: 'rejected', error }] }
      : error;
    const code = path.startsWith('/v1/') ? 'nothing_accepted' : 'invalid_body';
    expect(answer).toMatchObject({ status: 400, body: { error: { code, details } } });
    expect(await stored()).toEqual([]);
  });

  it('takes the rest of a batch, and says of each refused event where and why', async () => {
    const before = await counted('px_plan_violations_total{mode="reject"}');
    const person = { user_id: 'u' };
    const events = [
      { ...person, event: 'Order Completed', properties: { price: 1 } },
      { ...person, event: 'Order Completed', properties: bad },
      { ...person, event: 'Order Completed' },
      { ...person, event: 'anything else', properties: bad },
    ];
    const answer = await post('/api/v1/events/batch', { events });
    expect(answer).toMatchObject({
      status: 202,
      body: {
        accepted: 2,
        rejected: 2,
        events: [
          { status: 'accepted' },
          {
            status: 'rejected',
            error: { code: 'schema_violation', path: 'properties.price', message: 'must be number' },
          },
          { status: 'rejected', error: { message: "must have required property 'price'" } },
          { status: 'accepted' },
        ],
      },
    });
    expect((await stored()).map(({ event, schema_violation }) => [event, schema_violation])).toEqual([
      ['Order Completed', undefined],
      ['anything else', undefined],
    ]);
    expect(await counted('px_plan_violations_total{mode="reject"}')).toBe(before + 2);
    expect(await counted('px_ingest_events_rejected_total{code="schema_violation"}')).toBe(before + 2);
  });

  it("takes the rest of a Segment batch, with the refused call's index", async () => {
    const call = { type: 'track', event: 'Order Completed', userId: 'u' };
    const batch = [
      { ...call, properties: { price: 2 } },
      { ...call, properties: bad },
    ];
    expect(await post('/v1/batch', { batch })).toMatchObject({
      status: 200,
      body: { success: true, rejected: 1, events: [{ index: 1, error: { code: 'schema_violation' } }] },
    });
    expect(await stored()).toHaveLength(1);
  });

  it("leaves another project's events alone", async () => {
    const body = { event: 'Order Completed', user_id: 'u', properties: bad };
    expect((await post('/api/v1/events', body, server.keys.other)).status).toBe(202);
  });

  it('looks at what would be stored: cut, cleaned and without what is null', async () => {
    await plan('reject', { properties: { text: { maxLength: 8_192 } } }, 'cut');
    const properties = { text: 'x'.repeat(9_000) };
    expect((await post('/api/v1/events', { event: 'cut', user_id: 'u', properties })).status).toBe(202);
    const none = { event: 'Order Completed', user_id: 'u', properties: null };
    expect(await post('/api/v1/events', none)).toMatchObject({
      body: { error: { details: { path: 'properties.price' } } },
    });
  });
});

describe('a plan in mode warn', () => {
  beforeAll(() => plan('warn', priced, ...names));

  it.each(ways)('stores what comes by %s and does not fit, marked and counted', async (path, body, at) => {
    const before = await counted('px_plan_violations_total{mode="warn"}');
    expect((await post(path, body)).status).toBe(path.startsWith('/v1/') ? 200 : 202);
    expect(await stored()).toMatchObject([{ schema_violation: `${at}: type` }]);
    expect(await counted('px_plan_violations_total{mode="warn"}')).toBe(before + 1);
  });

  it('marks those of a batch that do not fit, and lets no client set the mark', async () => {
    const person = { user_id: 'u', event: 'Order Completed', schema_violation: 'mine' };
    const events = [
      { ...person, properties: { price: 1 } },
      { ...person, properties: bad },
    ];
    expect(await post('/api/v1/events/batch', { events, schema_violation: 'mine' })).toMatchObject({
      status: 202,
      body: { accepted: 2 },
    });
    expect((await stored()).map((event) => event.schema_violation)).toEqual([undefined, 'properties.price: type']);
  });
});

describe('a change of a plan', () => {
  const order = { event: 'Changing', user_id: 'u', properties: bad };
  const mark = async () => {
    expect((await post('/api/v1/events', order)).status).toBe(202);
    return (await stored())[0]?.schema_violation ?? null;
  };

  it('holds within 4 s, on, off, over and away', async () => {
    expect(await mark()).toBeNull();
    await admin('PUT', 'Changing', { mode: 'warn', schema: priced });
    expect(await mark()).toBeNull();
    server.now += grantMs;
    expect(await mark()).toBe('properties.price: type');
    await plan('off', priced, 'Changing');
    expect(await mark()).toBeNull();
    await plan('reject', priced, 'Changing');
    expect((await post('/api/v1/events', order)).status).toBe(400);
    await plan('warn', { additionalProperties: false }, 'Changing');
    expect(await mark()).toBe('properties.price: additionalProperties');
    await admin('DELETE', 'Changing');
    server.now += grantMs;
    expect(await mark()).toBeNull();
  });

  it('goes on with the plan that is known while the control store is away', async () => {
    await plan('warn', priced, 'Changing');
    expect(await mark()).toBe('properties.price: type');
    await plan('off', priced, 'Changing');
    isAway = true;
    expect(await mark()).toBe('properties.price: type');
    expect(await counted('px_plan_loads_failed_total')).toBe(1);
    isAway = false;
    expect(await mark()).toBeNull();
  });

  it('lets nothing by unchecked: without any known plan the request is put off', async () => {
    const other = await startTestServer({ wrapControl });
    const body = { mode: 'off' as const, projectId: other.projectId, event: 'e', schema: {} };
    await other.control.putEventSchema(body);
    isAway = true;
    const send = (path: string, call: object) =>
      fetch(other.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${other.keys.srv}`, 'content-type': 'application/json' },
        body: JSON.stringify(call),
      });
    const calls: [string, object][] = [
      ['/api/v1/events', { event: 'e', user_id: 'u' }],
      ['/v1/track', { event: 'e', userId: 'u' }],
    ];
    for (const [path, call] of calls) {
      const answer = await send(path, call);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await answer.json()).toMatchObject({ error: { code: 'not_ready' } });
    }
    expect(await other.takeRecords()).toEqual([]);
    isAway = false;
    expect((await send('/api/v1/events', { event: 'e', user_id: 'u' })).status).toBe(202);
    await other.close();
  });
});

it('a name that is no percent-encoding is refused', async () => {
  const path = `/admin/v1/projects/${server.projectId}/event-schemas/%ff`;
  const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${adminToken}` } });
  expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'invalid_parameter' } }]);
});
