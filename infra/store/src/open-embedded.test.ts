import { afterAll } from 'vitest';
import { describeEventReader } from '../test/event-reader-conformance.ts';
import { describeEventStore } from '../test/event-store-conformance.ts';
import { openEmbeddedTestStore } from '../test/open-test-store.ts';

const opening = openEmbeddedTestStore();
afterAll(async () => {
  const { store } = await opening;
  await store.close();
});

describeEventStore('chdb', async () => (await opening).store);
describeEventReader('chdb', () => opening);
