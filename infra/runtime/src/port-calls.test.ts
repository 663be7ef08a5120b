import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { AppError } from './app-error.ts';
import { askOver, type Calls, serveCalls } from './port-calls.ts';

let channel = new MessageChannel();
afterEach(() => channel.port1.close());

function open(calls: Calls): ReturnType<typeof askOver> {
  channel = new MessageChannel();
  serveCalls(channel.port1, calls);
  return askOver(channel.port2);
}

it('gives each caller its own answer, whichever comes first', async () => {
  const release: (() => void)[] = [];
  const ask = open({
    slow: (text: string) => new Promise((resolve) => release.push(() => resolve(text))),
    fast: async (first: number, second: number) => {
      for (const one of release) one();
      return first + second;
    },
  });
  expect(await Promise.all([ask('slow', 'a'), ask('slow', 'b'), ask('fast', 1, 2)])).toEqual(['a', 'b', 3]);
});

it('throws what was thrown there: code, message and cause of an AppError', async () => {
  const thrown = new AppError('store_unavailable', 'away', { cause: new Error('refused') });
  const ask = open({
    fail: async () => {
      throw thrown;
    },
  });
  const error: unknown = await ask('fail').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'store_unavailable', message: 'away', cause: { message: 'refused' } });
});

it('throws other errors as their kind', async () => {
  const ask = open({
    fail: async () => {
      throw new RangeError('too far');
    },
  });
  await expect(ask('fail')).rejects.toThrow(new RangeError('too far'));
  await expect(ask('nothing')).rejects.toThrow(/"nothing", which is not served/);
});

it('fails the calls that wait, and later ones, once the port is closed', async () => {
  const ask = open({ never: () => new Promise(() => undefined) });
  const waiting = ask('never');
  channel.port1.close();
  await expect(waiting).rejects.toThrow('ended before it answered');
  await expect(ask('never')).rejects.toThrow(/can't be asked for "never"/);
});
