import { expect, it } from 'vitest';
import { type Closing, closeAll } from './shutdown.ts';

function record(closed: string[]): (name: string) => Closing {
  return (name) => ({
    name,
    async close() {
      await Promise.resolve();
      closed.push(name);
      if (name.startsWith('broken')) throw new Error(`${name} would not`);
    },
  });
}

it('closes in the reverse order of opening, one after the other', async () => {
  const closed: string[] = [];
  await closeAll(['store', 'log', 'server'].map(record(closed)));
  expect(closed).toEqual(['server', 'log', 'store']);
});

it('tries each, then throws the first failure with its name and cause', async () => {
  const closed: string[] = [];
  await expect(closeAll(['store', 'broken log', 'broken server'].map(record(closed)))).rejects.toMatchObject({
    message: 'closing broken server failed',
    cause: expect.objectContaining({ message: 'broken server would not' }),
  });
  expect(closed).toEqual(['broken server', 'broken log', 'store']);
});

it('leaves the list as it was, and takes an empty one', async () => {
  const opened = ['a', 'b'].map(record([]));
  await closeAll(opened);
  expect(opened.map((one) => one.name)).toEqual(['a', 'b']);
  await expect(closeAll([])).resolves.toBeUndefined();
});
