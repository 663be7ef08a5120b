import { expect, it } from 'vitest';
import { inOneGo } from './in-one-go.ts';

/** Work whose goes are ended by the test, one after the other. */
function openWork() {
  const goes: { readonly items: readonly string[]; readonly end: PromiseWithResolvers<string> }[] = [];
  const call = inOneGo((items: readonly string[]) => {
    const end = Promise.withResolvers<string>();
    goes.push({ items, end });
    return end.promise;
  });
  return { goes, call, items: () => goes.map((go) => go.items.join()) };
}

it('begins at once where nothing is under way, and takes what came meanwhile in one go', async () => {
  const { goes, call, items } = openWork();
  const first = call('a');
  const others = [call('b'), call('c')];
  expect(items()).toEqual(['a']);
  goes[0]?.end.resolve('one');
  expect(await first).toBe('one');
  await expect.poll(items).toEqual(['a', 'b,c']);
  const last = call('d');
  goes[1]?.end.resolve('two');
  expect(await Promise.all(others)).toEqual(['two', 'two']);
  await expect.poll(items).toEqual(['a', 'b,c', 'd']);
  goes[2]?.end.resolve('three');
  expect(await last).toBe('three');
});

it('tries each by itself where a go of several fails, and goes on with what came meanwhile', async () => {
  const tried: string[] = [];
  const call = inOneGo(async (items: readonly string[]) => {
    tried.push(items.join());
    await Promise.resolve();
    if (items.includes('bad')) throw new Error(`refused ${items.join()}`);
    return items.length;
  });
  const all = [call('a'), call('b'), call('bad'), call('c')];
  expect(await Promise.allSettled(all)).toMatchObject([
    { status: 'fulfilled', value: 1 },
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: { message: 'refused bad' } },
    { status: 'fulfilled', value: 1 },
  ]);
  expect(tried).toEqual(['a', 'b,bad,c', 'b', 'bad', 'c']);
  expect(await call('d')).toBe(1);
});

it('rejects where the work throws before it waits', async () => {
  const call = inOneGo((): Promise<never> => {
    throw new Error('refused');
  });
  await expect(call('a')).rejects.toThrow('refused');
  await expect(call('b')).rejects.toThrow('refused');
});
