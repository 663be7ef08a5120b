import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batch, event, named, openTarget, type Target } from './bad-input-target.ts';

let target: Target;
const post: Target['post'] = (...given) => target.post(...given);
const single: Target['single'] = (...given) => target.single(...given);
const many: Target['many'] = (...given) => target.many(...given);
const stored: Target['stored'] = (name) => target.stored(name);
const expectAlive: Target['expectAlive'] = () => target.expectAlive();
const asServer = () => ({ Authorization: `Bearer ${target.serverKey}` });
const gzipped = (text: string | Buffer) => new Uint8Array(gzipSync(text));

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

describe('bad bodies', () => {
  it('refuses what is not JSON or has the wrong shape, and stores nothing', async () => {
    const name = named();
    const cases: [string, string, number, string][] = [
      ['/api/v1/events', `{"event":"${name}"`, 400, 'invalid_json'],
      ['/api/v1/events', '', 400, 'invalid_json'],
      ['/api/v1/events', `["${name}"]`, 400, 'invalid_body'],
      ['/api/v1/events', 'null', 400, 'invalid_body'],
      ['/api/v1/events', JSON.stringify({ event: 7, anonymous_id: name }), 400, 'invalid_body'],
      ['/api/v1/events', JSON.stringify({ event: name, anonymous_id: {} }), 400, 'invalid_body'],
      ['/api/v1/events/batch', '"text"', 400, 'invalid_body'],
      ['/api/v1/events/batch', batch('none'), 400, 'invalid_body'],
      ['/api/v1/events/batch', batch([]), 400, 'empty_batch'],
    ];
    for (const [path, body, status, code] of cases) {
      expect([body, ...Object.values(await post(path, body)).slice(0, 2)]).toEqual([body, status, code]);
    }
    expect(await stored(name)).toEqual([]);
    await expectAlive();
  });

  it('takes the good events of a batch and says per index why the others were refused', async () => {
    const name = named();
    const answer = await many([
      event(name),
      event(name, { timestamp: 'yesterday' }),
      event(name, { event_id: 'no-uuid' }),
      event('', {}),
      event('x'.repeat(201)),
      { event: name },
      7,
      null,
      event(name),
    ]);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ accepted: 2, rejected: 7 });
    const results = answer.body['events'];
    expect(results).toMatchObject([
      { index: 0, status: 'accepted' },
      { index: 1, error: { code: 'invalid_timestamp', path: 'timestamp' } },
      { index: 2, error: { code: 'invalid_event_id', path: 'event_id' } },
      { index: 3, error: { path: 'event' } },
      { index: 4, error: { path: 'event' } },
      { index: 5, error: { code: 'missing_person' } },
      { index: 6, status: 'rejected' },
      { index: 7, status: 'rejected' },
      { index: 8, status: 'accepted' },
    ]);
    expect(await stored(name)).toHaveLength(2);
  });

  it('answers a batch in which nothing is valid with 400 and the same body', async () => {
    const answer = await many([{ event: 'x' }, 5]);
    expect([answer.status, answer.body['accepted'], answer.body['rejected']]).toEqual([400, 0, 2]);
  });

  it('refuses 51 events of a browser key and 1,001 of a server key, and takes 50 and 1,000', async () => {
    const [browser, server] = [named(), named()];
    const events = (name: string, count: number) => Array.from({ length: count }, () => event(name));
    const over = await many(events(browser, 51));
    expect([over.status, over.code]).toEqual([413, 'too_many_events']);
    expect((await many(events(browser, 50))).status).toBe(202);
    expect((await many(events(server, 1_001), asServer())).code).toBe('too_many_events');
    expect((await many(events(server, 1_000), asServer())).status).toBe(202);
    expect(await stored(browser)).toHaveLength(50);
    expect(await stored(server)).toHaveLength(1_000);
  });

  it('refuses one byte over each limit and takes the limit itself', async () => {
    const name = named();
    const fill = (target: number, make: (filler: string) => string): string => {
      const filler = 'x'.repeat(target - make('').length);
      return make(filler);
    };
    const spaced = (target: number): string => batch([event(name)]).padEnd(target, ' ');
    const sizes: [number, Record<string, string>][] = [
      [256 * 1024, {}],
      [1024 * 1024, asServer()],
    ];
    for (const [limit, headers] of sizes) {
      expect((await post('/api/v1/events/batch', spaced(limit), headers)).status).toBe(202);
      const over = await post('/api/v1/events/batch', spaced(limit + 1), headers);
      expect([over.status, over.code]).toEqual([413, 'body_too_large']);
      expect(over.text).toContain(String(limit));
    }
    const inflatedLimits: [number, Record<string, string>][] = [
      [2 * 1024 * 1024, {}],
      [10 * 1024 * 1024, asServer()],
    ];
    for (const [limit, headers] of inflatedLimits) {
      expect((await post('/api/v1/events/batch', gzipped(spaced(limit)), headers)).status).toBe(202);
      const over = await post('/api/v1/events/batch', gzipped(spaced(limit + 1)), headers);
      expect([over.status, over.code]).toEqual([413, 'inflated_too_large']);
    }
    const eventOf = (size: number) =>
      fill(size, (filler) => JSON.stringify(event(name, { context: { page: { title: 'a' } }, x: filler })));
    expect((await many([JSON.parse(eventOf(64 * 1024))], asServer())).status).toBe(202);
    expect((await many([JSON.parse(eventOf(64 * 1024 + 1))], asServer())).text).toContain('event_too_large');
    expect(await stored(name)).toHaveLength(5);
  });
});

describe('bad encodings', () => {
  it('stops at a gzip bomb while inflating, and refuses broken gzip and unknown encodings', async () => {
    const name = named();
    const bomb = gzipped(Buffer.alloc(200 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(256 * 1024);
    const good = gzipped(batch([event(name)]));
    const flipped = good.map((byte, place) => (place === good.length - 5 ? byte ^ 0xff : byte));
    const cases: [Uint8Array<ArrayBuffer>, Record<string, string>, number, string][] = [
      [bomb, {}, 413, 'inflated_too_large'],
      [bomb, { 'Content-Encoding': 'gzip' }, 413, 'inflated_too_large'],
      [good.slice(0, good.length - 9), {}, 400, 'invalid_encoding'],
      [flipped, {}, 400, 'invalid_encoding'],
      [new Uint8Array(Buffer.from('no gzip')), { 'Content-Encoding': 'gzip' }, 400, 'invalid_encoding'],
      [
        new Uint8Array(deflateSync(batch([event(name)]))),
        { 'Content-Encoding': 'deflate' },
        415,
        'unsupported_encoding',
      ],
      [new Uint8Array(deflateRawSync('x')), { 'Content-Encoding': 'br' }, 415, 'unsupported_encoding'],
      [good, { 'Content-Type': 'application/xml' }, 415, 'unsupported_media_type'],
    ];
    for (const [body, headers, status, code] of cases) {
      const answer = await post('/api/v1/events/batch', body, headers);
      expect([code, answer.status, answer.code]).toEqual([code, status, code]);
    }
    expect(await stored(name)).toEqual([]);
    expect((await post('/api/v1/events/batch', good, { 'Content-Type': 'text/plain' })).status).toBe(202);
    expect(await stored(name)).toHaveLength(1);
  });
});

describe('bad values', () => {
  const nest = (depth: number): Record<string, unknown> => (depth === 1 ? { end: 1 } : { in: nest(depth - 1) });

  it('refuses depth 9, 10,000 properties and keys of 201 characters, and takes the limits', async () => {
    const name = named();
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, key) => [`k${key}`, key]));
    const answer = await many(
      [
        event(name, { properties: nest(9) }),
        event(name, { properties: keys(201) }),
        event(name, { properties: { ['k'.repeat(201)]: 1 } }),
        event(name, { properties: nest(8) }),
        event(name, { properties: keys(200) }),
        event(name, { properties: { ['k'.repeat(200)]: 1 } }),
      ],
      asServer(),
    );
    expect(answer.body['events']).toMatchObject([
      { error: { code: 'too_deep' } },
      { error: { code: 'too_many_keys' } },
      { error: { code: 'key_too_long' } },
      { status: 'accepted' },
      { status: 'accepted' },
      { status: 'accepted' },
    ]);
    const crowded = await many([event(name, { properties: keys(10_000) })], asServer());
    expect(crowded.status).toBe(400);
    expect(crowded.text).toMatch(/too_many_keys|event_too_large/);
    const deep = `{"event":"${name}","anonymous_id":"p","properties":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`;
    expect((await post('/api/v1/events', deep)).status).toBe(400);
    expect(await stored(name)).toHaveLength(3);
  });

  it('keeps hostile text as text and touches no prototype', async () => {
    const name = named();
    const body = `{"event":"${name}","anonymous_id":"p","properties":{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"lone":"a\\ud800b","nul":"a\\u0000b","sql":"'); DROP TABLE events; --","long":"${'y'.repeat(9_000)}","big":12345678901234567890123,"exact":9007199254740993}}`;
    expect((await post('/api/v1/events', body)).status).toBe(202);
    const [row] = await stored(name);
    const properties = row?.['properties'] as Record<string, unknown>;
    expect(Object.keys(properties)).not.toContain('__proto__');
    expect(properties['lone']).toBe('a\ufffdb');
    expect(properties['sql']).toBe("'); DROP TABLE events; --");
    expect(String(properties['long'])).toHaveLength(8_192);
    expect(Number(properties['big'])).toBe(1.2345678901234568e22);
    expect(Number(properties['exact'])).toBe(9007199254740992);
    await expectAlive();
  });

  it('sets 2100 to the received time, keeps 1970 and flags it late, and refuses "yesterday"', async () => {
    const name = named();
    expect((await single(event(name, { timestamp: '2100-01-01T00:00:00Z', user_id: 'future' }))).status).toBe(202);
    expect((await single(event(name, { timestamp: '1970-01-01T00:00:00Z', user_id: 'past' }))).status).toBe(202);
    const refused = await single(event(name, { timestamp: 'yesterday' }));
    expect([refused.status, refused.code]).toEqual([400, 'invalid_body']);
    expect(refused.text).toContain('timestamp');
    const rows = await stored(name);
    const future = rows.find((row) => row['user_id'] === 'future');
    expect(future?.['timestamp']).toBe(future?.['received_at']);
    expect(rows.find((row) => row['user_id'] === 'past')).toMatchObject({
      timestamp: '1970-01-01T00:00:00.000Z',
      is_late: true,
    });
  });

  it('refuses an event without a person', async () => {
    const name = named();
    const answer = await single({ event: name });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('missing_person')]);
    expect(await stored(name)).toEqual([]);
  });
});
