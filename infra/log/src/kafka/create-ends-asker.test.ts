import { expect, it } from 'vitest';
import { createEndsAsker } from './create-ends-asker.ts';

it('never gives an answer to a question that was asked before, and asks once for all who wait', async () => {
  let asked = 0;
  const answers: ((ends: number[]) => void)[] = [];
  const ask = createEndsAsker(() => {
    asked += 1;
    return new Promise((resolve) => answers.push(resolve));
  });
  const first = ask();
  await expect.poll(() => asked).toBe(1);
  const [second, third] = [ask(), ask()];
  answers[0]?.([1]);
  expect(await first).toEqual([1]);
  await expect.poll(() => asked).toBe(2);
  answers[1]?.([2]);
  expect(await Promise.all([second, third])).toEqual([[2], [2]]);
});

it('asks again after a question that failed', async () => {
  const answers = [Promise.reject(new Error('away')), Promise.resolve([4])];
  const ask = createEndsAsker(() => answers.shift() ?? Promise.resolve([]));
  await expect(ask()).rejects.toThrow('away');
  expect(await ask()).toEqual([4]);
});
