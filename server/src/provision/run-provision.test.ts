import { describe, expect, it } from 'vitest';
import { runProvision } from './run-provision.ts';

async function run(args: readonly string[]) {
  let out = '';
  let error = '';
  const code = await runProvision(args, {
    // Nothing listens there: usage is refused before any call.
    env: { PX_URL: 'http://127.0.0.1:1', PX_ADMIN_TOKEN: 'token' },
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
    [['project', 'create', 'Web', '--tenant', 'acme', '--retention-days', '1.5']],
    [['key', 'create', '--project', 'prj_1']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'other']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'srv', '--expires-in', 'soon']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'srv', '--expires-in', '1d', '--expires-at', '2030-01-01']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'srv', '--expires-at', 'tomorrow']],
    [['key', 'create', '--project', 'prj_1', '--kind', 'srv', '--rate-per-minute', '0']],
    [['key', 'delete', 'key_1']],
    [['nonsense']],
  ])('refuses the usage %j with 2', async (args) => {
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.error).not.toBe('');
  });

  it.each([[['--help']], [['key', 'create', '--help']]])('helps with %j, and ends with 0', async (args) => {
    expect(await run(args)).toMatchObject({
      code: 0,
      error: '',
      out: expect.stringContaining('Usage: pnpm provision'),
    });
  });

  it('ends with 1 where no server is there', async () => {
    expect(await run(['tenant', 'list'])).toMatchObject({ code: 1, out: '' });
  });
});
