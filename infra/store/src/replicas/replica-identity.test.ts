import { expect, it } from 'vitest';
import { openServerTestStore } from '../../test/open-test-store.ts';
import { readIdentity } from './replica-identity.ts';

it('is the same each time, and names the nodes of a cluster', async () => {
  const { engine, store } = await openServerTestStore();
  const itself = await readIdentity(engine, null);
  expect(itself).toEqual(await readIdentity(engine, null));
  expect(itself).toMatchObject({ database: 'default', store: expect.stringMatching(/^[0-9a-f-]{36} [0-9a-f-]{36}$/) });
  expect(await readIdentity(engine, 'nowhere')).toEqual({ database: 'default', store: '' });
  await store.close();
});
