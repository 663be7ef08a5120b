import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runProvision } from './run-provision.ts';

/** Nothing listens there: usage is refused before any call. */
const nowhere = { PX_URL: 'http://127.0.0.1:1', PX_ADMIN_TOKEN: 'token' };

async function run(args: readonly string[], env: NodeJS.ProcessEnv = nowhere) {
  let out = '';
  let error = '';
  const code = await runProvision(args, {
    env,
    patienceMs: 10,
    folder: import.meta.dirname,
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
    },
  });
  return { code, out, error };
}

describe('runProvision', () => {
  it.each([
    [[]],
    [['tenant']],
    [['tenant', 'create']],
    [['tenant', 'create', 'acme', '--tier', 'gold']],
    [['tenant', 'create', 'acme', 'more']],
    [['project', 'create', 'Web']],
    [['project', 'set']],
    [['project', 'set', 'prj_1', '--cookieless-visitors', 'perhaps']],
    [['tenant', 'set', 'acme']],
    [['key', 'set', 'key_1', '--rate-per-minute', '-1']],
    [['project', 'create', 'Web', '--tenant', 'acme', '--retention-days', '1.5']],
    [['key', 'create', '--project', 'prj_1']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'other']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'srv', '--expires-in', 'soon']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'srv', '--expires-in', '1d', '--expires-at', '2030-01-01']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'srv', '--expires-at', 'tomorrow']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'srv', '--rate-per-minute', '0']],
    [['key', 'delete', 'key_1']],
    [['person', 'show', 'anna']],
    [['person', 'decide', 'anna', 'merge', '--project', 'prj_1']],
    [['nonsense']],
  ])('refuses the usage %j with 2', async (args) => {
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.error).not.toBe('');
  });

  it.each<[string[], string[]]>([
    [[], ['tenant', 'project', 'key', '--json', 'PX_URL']],
    [['tenant'], ['create', 'set', 'list']],
    [
      ['tenant', 'create'],
      ['<slug>', '--tier', '"free", "pro", "enterprise"'],
    ],
    [['tenant', 'list'], ['list all tenants']],
    [['project'], ['create', 'set', 'list']],
    [
      ['project', 'create'],
      ['<name>', '--tenant', '--origin', '--ip-policy', '--retention-days'],
    ],
    [['project', 'list'], ['--tenant']],
    [
      ['project', 'set'],
      ['<project_id>', '--no-origin', '--internal-host', '--no-internal-host', '--payment-host', '--deny-property'],
    ],
    [['key'], ['create', 'set', 'list', 'revoke', 'rotate']],
    [
      ['key', 'create'],
      ['--project', '--kind', '--mode', '--name', '--scope', '--expires-in', '--expires-at', '--rate-per-minute'],
    ],
    [['key', 'list'], ['--project']],
    [['person'], ['show', 'merges', 'decide']],
    [
      ['key', 'revoke'],
      ['<key_id>', 'within 5 s'],
    ],
    [
      ['key', 'rotate'],
      ['<key_id>', '--overlap'],
    ],
  ])('helps with %j, and ends with 0', async (verb, told) => {
    const ended = await run([...verb, '--help']);
    expect(ended).toMatchObject({ code: 0, error: '' });
    expect(ended.out).toContain(`Usage: pnpm provision ${verb.join(' ')}`.trimEnd());
    for (const text of told) expect(ended.out).toContain(text);
  });

  it.each([
    ['no server', ['tenant', 'list'], 1, 'no_server'],
    ['a verb that there is not', ['tenant', 'delete'], 2, 'usage'],
    ['an option that there is not', ['tenant', 'list', '--all'], 2, 'usage'],
  ])('with --json and %s, prints one line of JSON and says the same in words', async (_name, args, code, problem) => {
    const ended = await run([...args, '--json']);
    expect(ended.code).toBe(code);
    expect(ended.out).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(ended.out)).toEqual({ error: { code: problem, message: expect.stringMatching(/.{10}/) } });
    expect(ended.error).toMatch(/.{10}/);
  });

  it('with --json and no token, does so too', async () => {
    const ended = await run(['tenant', 'list', '--json'], { PX_URL: 'nonsense' });
    expect(JSON.parse(ended.out)).toMatchObject({ error: { code: 'configuration' } });
    expect(ended.code).toBe(1);
  });

  it('says on standard error that it waits for a server which takes its time', async () => {
    const slow = createServer((_req, res) => {
      setTimeout(() => res.end('{"tenants":[]}'), 50);
    });
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { port } = slow.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    expect(await run(['tenant', 'list', '--json'], { PX_URL: url, PX_ADMIN_TOKEN: 'token' })).toEqual({
      code: 0,
      out: '{"tenants":[]}\n',
      error: `Waiting for ${url} ...\n`,
    });
    slow.close();
  });

  it('ends with 1 where no server is there', async () => {
    expect(await run(['tenant', 'list'])).toMatchObject({ code: 1, out: '' });
  });
});
