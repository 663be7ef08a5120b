import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { EventLog } from '@px-platform/log';
import { AppError } from '@px-platform/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runReplayOn } from '../../test/run-replay-on.ts';
import { startTestServer, type TestServer, type TestSettings } from '../../test/test-server.ts';

let server: TestServer;
let folder: string;
beforeEach(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'px-replay-'));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function restart(settings: TestSettings): Promise<void> {
  await server.close();
  server = await startTestServer(settings);
}
const write = (name: string, lines: readonly unknown[]): void =>
  writeFileSync(
    join(folder, name),
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
async function run(...args: string[]) {
  const all = [...args, '--project', server.projectId, '--json'];
  const { out, ...rest } = await runReplayOn(server, all, { folder, now: server.now });
  return { ...rest, body: JSON.parse(out) };
}
const takeIds = async () =>
  (await server.takeRecords()).flatMap((record) => record.events.map(({ event_id }) => event_id)).sort();
const event = (number: number, own: object = {}) => ({
  event: 'bought',
  anonymous_id: `a${number % 7}`,
  n: number,
  ...own,
});
const many = (count: number) => Array.from({ length: count }, (_, number) => event(number));

describe('replay of files', () => {
  it('sends wire events under ids made of their bytes, the same at a second run', async () => {
    write('a.ndjson', many(1_500));
    const first = await run('a.ndjson', '--rate', '100000');
    expect([first.code, first.body]).toEqual([
      0,
      { source: 'files', dry_run: false, lines: 1_500, sent: 1_500, refused: 0, outside: 0, reasons: {} },
    ]);
    const ids = await takeIds();
    expect(new Set(ids).size).toBe(1_500);
    await run('a.ndjson');
    expect(await takeIds()).toEqual(ids);
    expect(readdirSync(folder)).toEqual(['a.ndjson']);
  });

  it('reads folders and gzip as one row of lines, whatever they are named', async () => {
    mkdirSync(join(folder, 'logs/2026'), { recursive: true });
    write('logs/2026/b.json', ['', event(1), '   ']);
    writeFileSync(join(folder, 'logs/a'), gzipSync(`${JSON.stringify(event(2))}\r\n${JSON.stringify(event(3))}`));
    write('logs/.hidden', [event(4)]);
    expect((await run('logs')).body).toMatchObject({ sent: 3, lines: 3 });
  });

  it('keeps instants, address and browser, and the ids of a call', async () => {
    const times = { timestamp: '2025-12-24T10:00:00.000Z', received_at: '2025-12-24T10:00:05.000Z' };
    const wire = { ...event(1), ...times, ip: '203.0.113.7', user_agent: 'curl/8' };
    const call = {
      type: 'identify',
      userId: 'u1',
      messageId: 'm-1',
      receivedAt: '2026-01-10T00:00:00Z',
      traits: { a: 1 },
    };
    write('a', [wire, call]);
    expect((await run('a')).body).toMatchObject({ sent: 2, refused: 0 });
    const records = (await server.takeRecords()).toSorted((a, b) => a.received_at - b.received_at);
    expect(records).toMatchObject([
      { received_at: Date.parse(times.received_at), ip: '203.0.113.7', user_agent: 'curl/8' },
      { received_at: Date.UTC(2026, 0, 10), ip: '', user_agent: '', events: [{ event: 'identify', traits: { a: 1 } }] },
    ]);
    expect(records[0]?.events[0]).toMatchObject({ timestamp: times.timestamp });
  });

  it('refuses what no event can be, says where and why, and sends the rest', async () => {
    const row = { _log: 'l', person_key: 'a', event: 'half a row' };
    const lines = ['{"event":', '7', row, event(1, { anonymous_id: '' }), event(2, { event_id: 'x' }), event(3)];
    const old = event(4, { received_at: '2025-12-01T00:00:00Z' });
    write('a', [...lines, old, event(5, { received_at: 'soon' }), 'x'.repeat(1_100_000), event(6)]);
    const dry = await run('a', '--dry-run');
    expect(await takeIds()).toEqual([]);
    const { code, body, error } = await run('a');
    expect(code).toBe(1);
    expect(body).toMatchObject({
      sent: 2,
      refused: 8,
      reasons: {
        not_json: 1,
        invalid_event: 3,
        invalid_event_id: 1,
        past_retention: 1,
        invalid_timestamp: 1,
        line_too_long: 1,
      },
    });
    expect(dry.body).toEqual({ ...body, dry_run: true });
    expect(error).toContain('a, line 1: not_json');
    expect(await takeIds()).toHaveLength(2);
  });

  it('keeps to a time of receipt, its end left out', async () => {
    write(
      'a',
      [1, 2, 3].map((day) => event(day, { received_at: `2026-01-0${day}T00:00:00Z` })),
    );
    expect((await run('a', '--from', '2026-01-02', '--to', '2026-01-03')).body).toMatchObject({ sent: 1, outside: 2 });
  });

  it('goes on where it broke off', async () => {
    let isFull = false;
    let appends = 0;
    const wrapLog = (log: EventLog): EventLog => ({
      ...log,
      async append(records) {
        appends += 1;
        if (appends > 2 && isFull) throw new AppError('log_full', 'no room');
        return log.append(records);
      },
    });
    await restart({ wrapLog });
    isFull = true;
    write('a', [...many(2_500), '{']);
    const broken = await run('a', '--rate', '100000');
    expect(broken).toMatchObject({ code: 1, body: { error: { code: 'not_durable' } } });
    expect(broken.error).toContain('2000 events went in before');
    isFull = false;
    appends = 0;
    expect((await run('a')).body).toMatchObject({ sent: 2_500, refused: 1, lines: 2_501 });
    // What went in before was not sent again.
    expect(appends).toBe(1);
    expect(new Set(await takeIds()).size).toBe(2_500);
  });

  it('waits as long as the server asks for', async () => {
    let appends = 0;
    await restart({
      wrapLog: (log) => ({
        ...log,
        async append(records) {
          appends += 1;
          if (appends < 3) throw new AppError('log_unavailable', 'away');
          return log.append(records);
        },
      }),
    });
    write('a', [event(1)]);
    const { code, body, error, passedMs } = await run('a');
    expect([code, body.sent, appends]).toEqual([0, 1, 3]);
    expect(error).toContain('Waiting');
    expect(passedMs).toBeGreaterThanOrEqual(2_000);
  });

  it('keeps to its rate', async () => {
    write('a', many(3_000));
    expect((await run('a', '--rate', '500')).passedMs).toBe(6_000);
  });

  it('revokes the key that it made', async () => {
    write('a', [event(1)]);
    await run('a');
    const keys = await server.control.listKeys(server.projectId);
    expect(keys.filter(({ name }) => name.startsWith('replay')).map((key) => key.revoked_at !== null)).toEqual([true]);
  });

  it.each([
    ['a file that is not there', ['nowhere'], 1, 'unreadable'],
    ['a project that is not there', ['a', '--project', 'prj_none'], 1, 'not_found'],
  ])('ends with a refusal for %s', async (_name, args, expected, code) => {
    write('a', [event(1)]);
    const ended = await runReplayOn(server, ['--project', server.projectId, ...args, '--json'], { folder });
    expect([ended.code, JSON.parse(ended.out).error.code]).toEqual([expected, code]);
  });

  it('gives the lines of a gzip that is cut off, then says so', async () => {
    const whole = gzipSync(
      Array.from({ length: 3_000 }, (_, n) => JSON.stringify(event(n, { x: Math.sin(n) }))).join('\n'),
    );
    writeFileSync(join(folder, 'cut.gz'), whole.subarray(0, whole.length - 20));
    const { code, body } = await run('cut.gz', '--rate', '100000');
    expect([code, body.error.code]).toEqual([1, 'unreadable']);
    expect((await takeIds()).length).toBeGreaterThanOrEqual(1_000);
  });

  it('needs a project to send files to', async () => {
    appendFileSync(join(folder, 'a'), '');
    const { code, error } = await runReplayOn(server, ['a'], { folder });
    expect([code, error]).toEqual([2, expect.stringContaining('--project')]);
  });
});

describe('the import of events', () => {
  const post = async (key: string, events: unknown[]) => {
    const response = await fetch(`${server.url}/api/v1/events/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };

  it('is refused to a pub key', async () => {
    expect(await post(server.keys.pub, [event(1)])).toMatchObject({
      status: 403,
      body: { error: { code: 'missing_scope' } },
    });
  });

  it('believes no receipt later than now, and takes the one bad event out', async () => {
    const later = event(1, { received_at: '2099-01-01T00:00:00Z' });
    const answer = await post(server.keys.srv, [later, event(2, { ip: 'home' }), event(3, { known: { device: 1 } })]);
    expect(answer).toMatchObject({ status: 202, body: { accepted: 1, rejected: 2 } });
    expect(answer.body.events[1].error).toMatchObject({ code: 'invalid_event', path: 'ip' });
    expect((await server.takeRecords())[0]?.received_at).toBe(server.now);
  });

  it('makes one record of one person where all was received at once, in the order sent', async () => {
    const at = (second: number) => ({ anonymous_id: 'a', received_at: `2026-01-01T00:00:0${second}Z` });
    await post(server.keys.srv, [event(1, at(1)), event(2, at(1)), event(3, at(2))]);
    const records = await server.takeRecords();
    expect(records.map((record) => record.events.length)).toEqual([2, 1]);
  });
});
