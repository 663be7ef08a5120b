import { expect, it } from 'vitest';
import { createLane } from './lane.ts';

it('runs so many side by side, the rest in order as places come free, also after a failure', async () => {
  const lane = createLane(2);
  const log: string[] = [];
  const ends = new Map<string, (value: string) => void>();
  const task = (name: string) =>
    lane(() => {
      log.push(name);
      return new Promise<string>((resolve) => ends.set(name, resolve));
    });
  const one = task('one');
  const failing = lane(async () => {
    log.push('failing');
    await one;
    throw new Error('broken');
  });
  const [three, four] = [task('three'), task('four')];
  await Promise.resolve();
  expect(log).toEqual(['one', 'failing']);
  ends.get('one')?.('done');
  expect(await one).toBe('done');
  await expect(failing).rejects.toThrow('broken');
  expect(log).toEqual(['one', 'failing', 'three', 'four']);
  ends.get('four')?.('last');
  ends.get('three')?.('third');
  expect(await Promise.all([three, four])).toEqual(['third', 'last']);
});
