import { AppError } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import type { Engine } from '../engine.ts';
import { awaitQuorum } from './await-quorum.ts';

/** An engine that fails so many times by this code; `waits` are those before it is called again. */
function failing(times: number, code: string): { engine: Engine; waits: number[]; calls: () => number } {
  let calls = 0;
  const waits: number[] = [];
  const call = async (): Promise<void> => {
    calls += 1;
    if (calls > times) return;
    const cause = Object.assign(new Error('Another quorum insert has been already started'), { code });
    throw new AppError('store_unavailable', 'none', {
      cause: new AppError('store_unavailable', 'not taken', { cause }),
    });
  };
  const engine: Engine = {
    run: call,
    insert: call,
    insertBinary: call,
    ask: async () => {
      await call();
      return { columns: [], rows: [], rowsRead: 0 };
    },
    askEach: async () => {
      await call();
      return [];
    },
    close: async () => undefined,
  };
  const patience = { wait: async (ms: number) => waits.push(ms), random: () => 0.5, maxTries: 12 };
  return { engine: awaitQuorum(engine, patience), waits, calls: () => calls };
}

const binary = { into: 'INSERT INTO events (x)', settings: '' };

it.each(['286', '289'])(
  'tries again, after waits that grow to half a second, what is refused by code %s',
  async (code) => {
    const { engine, waits } = failing(8, code);
    await engine.insertBinary(binary, Buffer.alloc(0));
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 500, 500]);
  },
);

it('does so for all that an engine does', async () => {
  const { engine, calls } = failing(4, '286');
  await engine.run({ sql: '', params: {} });
  await failing(1, '289').engine.ask({ sql: '', params: {} });
  await failing(1, '286').engine.insert('', '');
  expect(await failing(1, '289').engine.askEach({ sql: '', params: {} }, String)).toEqual([]);
  expect(calls()).toBe(5);
});

it('gives up in the end, and at once for all else', async () => {
  const busy = failing(100, '286');
  await expect(busy.engine.run({ sql: '', params: {} })).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(busy.calls()).toBe(12);
  const away = failing(100, '319');
  await expect(away.engine.run({ sql: '', params: {} })).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(away.calls()).toBe(1);
});
