import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLetter, makeRecord } from '../../test/make-letter.ts';
import { runReplayOn } from '../../test/run-replay-on.ts';
import { startTestServer, type TestServer } from '../../test/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => runReplayOn(server, args, { env });
async function runJson(...args: string[]) {
  const { out, ...rest } = await run([...args, '--json']);
  expect(out).toMatch(/^\{.*\}\n$/);
  return { ...rest, body: JSON.parse(out) };
}

describe('replay of dead letters', () => {
  it('gives their bytes to the log as they are, and takes the letters away', async () => {
    const letters = [makeLetter('prj_1', 1), makeLetter('prj_1', 2)];
    server.deadLetters.add(letters);
    const { code, body } = await runJson();
    expect([code, body]).toEqual([0, { source: 'dead_letters', dry_run: false, sent: 2, refused: 0, reasons: {} }]);
    expect(server.deadLetters.letters()).toEqual([]);
    const again = await server.takeRecords();
    expect(again.map((record) => record.events.map(({ event_id }) => event_id.slice(-1)))).toEqual([['1'], ['2']]);
    expect(again[0]).toEqual(JSON.parse(Buffer.from(letters[0]?.payload ?? '', 'base64').toString()));
    expect((await runJson()).body).toMatchObject({ sent: 0 });
  });

  it('keeps to a project and to a time', async () => {
    const at = (day: number) => ({ received_at: Date.UTC(2026, 0, day) });
    server.deadLetters.add([1, 2, 3].map((day) => makeLetter('prj_1', day, at(day))));
    server.deadLetters.add([makeLetter('prj_2', 4, at(2))]);
    const { body } = await runJson('--project', 'prj_1', '--from', '2026-01-02', '--to', '2026-01-03T00:00:00Z');
    expect(body).toMatchObject({ sent: 1 });
    const left = server.deadLetters.letters().map((letter) => `${letter.project_id} ${letter.offset}`);
    expect(left).toEqual(['prj_1 1', 'prj_1 3', 'prj_2 4']);
  });

  it('leaves what is no record, says how many and of which reason, and ends with 1', async () => {
    const garbage = { reason: 'undecodable_record', stage: 'decode', index: -1, payload: btoa('{"v":1') };
    server.deadLetters.add([makeLetter('', 1, garbage), makeLetter('prj_1', 2)]);
    const { code, body } = await runJson();
    expect(code).toBe(1);
    expect(body).toMatchObject({ sent: 1, refused: 1, reasons: { undecodable_record: 1 } });
    expect(server.deadLetters.letters().map((letter) => letter.offset)).toEqual([1]);
  });

  it('gives an audit event to the log of its topic', async () => {
    const event = {
      event_id: '0190163d-8694-739b-aea5-000000000001',
      actor: { id: 'u1', type: 'user' },
      action: { name: 'login' },
      resource: { type: 'account', id: 'a1' },
    };
    const { ip_policy: _, retention_days: __, person_key: ___, ...head } = makeRecord('prj_1', []);
    const payload = Buffer.from(JSON.stringify({ ...head, events: [event] })).toString('base64');
    server.deadLetters.add([makeLetter('prj_1', 1, { stage: 'audit', payload })]);
    expect((await runJson()).body).toMatchObject({ sent: 1 });
    expect(await server.takeAuditRecords()).toMatchObject([{ project_id: 'prj_1', events: [event] }]);
    expect(await server.takeRecords()).toEqual([]);
  });

  it('only counts with --dry-run', async () => {
    server.deadLetters.add([makeLetter('prj_1', 1), makeLetter('prj_1', 2, { payload: '' })]);
    const { code, out } = await run(['--dry-run']);
    expect(code).toBe(1);
    expect(out).toContain('1 dead letters would be replayed. 1 stay');
    expect(server.deadLetters.letters()).toHaveLength(2);
    expect(await server.takeRecords()).toEqual([]);
  });

  it('keeps to its rate', async () => {
    server.deadLetters.add(Array.from({ length: 450 }, (_, at) => makeLetter('prj_1', at)));
    const { code, passedMs, error } = await run(['--rate', '10']);
    expect(code).toBe(0);
    // The last page is not waited for.
    expect(passedMs).toBe(44_000);
    expect(error).toContain('of 450 dead letters');
    expect(error.split('\n').length).toBeLessThan(8);
  });

  it('breaks off where the log is full, and goes on where it was', async () => {
    await server.close();
    let appends = 0;
    server = await startTestServer({
      wrapLog: (log) => ({
        ...log,
        append: async (records) => {
          appends += 1;
          if (appends === 2) return log.append([{ key: 'x', payload: Buffer.alloc(1e9) }]);
          return log.append(records);
        },
      }),
    });
    server.deadLetters.add(Array.from({ length: 450 }, (_, at) => makeLetter('prj_1', at)));
    const broken = await run(['--json']);
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.out).error).toMatchObject({ code: 'not_durable' });
    expect(broken.error).toContain('200 dead letters went in before');
    expect(server.deadLetters.letters()).toHaveLength(250);
    expect((await runJson()).body).toMatchObject({ sent: 250 });
    expect(await server.takeRecords()).toHaveLength(450);
  });

  it.each([
    ['a time that is none', ['--from', 'yesterday'], 2],
    ['a rate of nothing', ['--rate', '0'], 2],
    ['an unknown option', ['--fast'], 2],
    ['--help', ['--help'], 0],
  ])('says how it is used where it is given %s', async (_name, args, expected) => {
    const { code, out, error } = await run(args);
    expect([code, `${out}${error}`]).toEqual([expected, expect.stringMatching(/help|Usage/)]);
  });

  it('says where no server answers, or the token is another', async () => {
    expect(await run([], { PX_URL: 'http://127.0.0.1:9' })).toMatchObject({ code: 1 });
    const { code, body } = await run(['--json'], { PX_ADMIN_TOKEN: 'another-token-of-16' }).then(({ code, out }) => ({
      code,
      body: JSON.parse(out),
    }));
    expect([code, body.error.code]).toEqual([1, 'invalid_token']);
  });
});
