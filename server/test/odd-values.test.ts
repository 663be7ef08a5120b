import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Sends one event as this text; gives the status, the problem's details, and the event that the log then holds. */
async function send(json: string) {
  const response = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    body: json,
    headers: { authorization: `Bearer ${server.keys.srv}` },
  });
  const answer = JSON.parse(await response.text());
  const events = (await server.takeRecords()).flatMap((record) => record.events);
  return { status: response.status, details: answer.error?.details, stored: events[0] };
}
const sendProperties = (json: string) => send(`{"event":"x","anonymous_id":"a1","properties":${json}}`);
const nest = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

describe('shape of properties', () => {
  it('takes 8 levels and refuses 9, and any more without harm', async () => {
    expect((await sendProperties(nest(8))).status).toBe(202);
    expect(await sendProperties(nest(9))).toMatchObject({
      status: 400,
      details: { code: 'too_deep', path: 'properties.a.a.a.a.a.a.a.a' },
      stored: undefined,
    });
    expect(await sendProperties(`${'{"a":'.repeat(7)}[]${'}'.repeat(7)}`)).toMatchObject({ status: 202 });
    expect(await sendProperties(`${'{"a":'.repeat(8)}[]${'}'.repeat(8)}`)).toMatchObject({ status: 400 });
    for (const levels of [10_000, 100_000]) {
      expect(await sendProperties(nest(levels))).toMatchObject({ status: 400, details: { code: 'too_deep' } });
      const list = `${'['.repeat(levels)}${']'.repeat(levels)}`;
      expect(await sendProperties(`{"list":${list}}`)).toMatchObject({ status: 400, details: { code: 'too_deep' } });
      const unknown = await send(`{"event":"x","anonymous_id":"a1","foo":${list}}`);
      expect([202, 400, 413]).toContain(unknown.status);
    }
  });

  it('takes 200 keys in all and refuses 201 and 10,000', async () => {
    const toKeys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
    expect((await sendProperties(JSON.stringify(toKeys(200)))).status).toBe(202);
    expect((await sendProperties(JSON.stringify({ ...toKeys(100), more: [toKeys(99)] }))).status).toBe(202);
    for (const bag of [toKeys(201), toKeys(5_000), { ...toKeys(100), more: [toKeys(100)] }]) {
      expect(await sendProperties(JSON.stringify(bag))).toMatchObject({
        status: 400,
        details: { code: 'too_many_keys' },
        stored: undefined,
      });
    }
    expect(await sendProperties(JSON.stringify(toKeys(10_000)))).toMatchObject({ status: 400, stored: undefined });
  });

  it('takes a key of 200 characters and refuses 201', async () => {
    expect((await sendProperties(JSON.stringify({ ['k'.repeat(200)]: 1 }))).status).toBe(202);
    expect(await sendProperties(JSON.stringify({ ['k'.repeat(201)]: 1 }))).toMatchObject({
      status: 400,
      details: { code: 'key_too_long' },
    });
  });

  it('cuts a string at 8,192 characters and keeps the rest of the event', async () => {
    const { stored } = await sendProperties(JSON.stringify({ a: 'x'.repeat(8_192), b: 'y'.repeat(8_193), c: 1 }));
    expect(stored?.properties).toEqual({ a: 'x'.repeat(8_192), b: 'y'.repeat(8_192), c: 1 });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/px_ingest_strings_cut_total 1\n/);
  });
});

describe('odd values', () => {
  it('leaves out __proto__ keys and touches no prototype', async () => {
    const { status, stored } = await send(
      '{"event":"x","anonymous_id":"a1","__proto__":{"polluted":1},"properties":{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}},"context":{"__proto__":{"polluted":1},"click_ids":{"__proto__":"x","gclid":"1"}}}',
    );
    expect(status).toBe(202);
    expect(Object.hasOwn({}, 'polluted') || 'polluted' in {}).toBe(false);
    expect(JSON.stringify(stored)).not.toContain('__proto__');
    expect(stored?.properties).toEqual({ a: { constructor: { prototype: { polluted: 1 } } } });
    expect(stored?.context).toEqual({ click_ids: { gclid: '1' } });
  });

  it('puts U+FFFD in the place of lone surrogates and NUL', async () => {
    const { status, stored } = await send(
      String.raw`{"event":"x\u0000y","anonymous_id":"a\ud800","properties":{"a\udc00":"b\ud83d","ok":"\ud83d\ude00","nul":"a\u0000b"},"context":{"page":{"title":"t\ud800\u0000"}}}`,
    );
    expect(status).toBe(202);
    expect(stored).toMatchObject({
      event: 'x\uFFFDy',
      anonymous_id: 'a\uFFFD',
      properties: { 'a\uFFFD': 'b\uFFFD', ok: '😀', nul: 'a\uFFFDb' },
      context: { page: { title: 't\uFFFD\uFFFD' } },
    });
  });

  it('keeps numbers as the doubles that JSON gives', async () => {
    const { stored } = await sendProperties(
      '{"big":9007199254740993,"huge":1e400,"small":-1e-400,"text":"9007199254740993"}',
    );
    expect(stored?.properties).toEqual({ big: 9007199254740992, huge: null, small: 0, text: '9007199254740993' });
  });

  it('takes timestamps of 1970 and 2100, and refuses "yesterday"', async () => {
    for (const timestamp of ['1970-01-01T00:00:00Z', '2100-12-31T23:59:59.999+02:00']) {
      expect((await send(JSON.stringify({ event: 'x', anonymous_id: 'a1', timestamp }))).stored).toMatchObject({
        timestamp,
      });
    }
    for (const timestamp of [
      'yesterday',
      '2026-01-01',
      '2026-02-30T00:00:00Z',
      '2026-01-01T00:00:00',
      1767225600,
      '',
    ]) {
      expect(await send(JSON.stringify({ event: 'x', anonymous_id: 'a1', timestamp }))).toMatchObject({
        status: 400,
        details: { code: 'invalid_timestamp', path: 'timestamp' },
        stored: undefined,
      });
    }
  });

  it('counts a known field that is null as not sent', async () => {
    const nulls = { event_id: null, user_id: null, session_id: null, traits: null, context: null, timestamp: null };
    const { status, stored } = await send(JSON.stringify({ event: 'x', anonymous_id: 'a1', ...nulls }));
    expect(status).toBe(202);
    expect(stored).toEqual({ event: 'x', anonymous_id: 'a1', event_id: expect.any(String) });
  });

  it('refuses an id that is no UUID', async () => {
    expect(await send('{"event":"x","anonymous_id":"a1","event_id":"7"}')).toMatchObject({
      status: 400,
      details: { code: 'invalid_event_id' },
    });
  });

  it('trims the name and the person, and bounds them', async () => {
    expect((await send('{"event":" x ","anonymous_id":" a1 "}')).stored).toMatchObject({
      event: 'x',
      anonymous_id: 'a1',
    });
    expect((await send(JSON.stringify({ event: 'e'.repeat(200), anonymous_id: 'a'.repeat(200) }))).status).toBe(202);
    expect((await send(JSON.stringify({ event: 'e'.repeat(201), anonymous_id: 'a' }))).status).toBe(400);
    expect((await send(JSON.stringify({ event: 'e', anonymous_id: 'a'.repeat(201) }))).status).toBe(400);
  });
});
