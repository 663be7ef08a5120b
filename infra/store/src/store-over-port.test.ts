import { MessageChannel } from 'node:worker_threads';
import { afterAll } from 'vitest';
import { describeEventStore } from '../test/event-store-conformance.ts';
import { openEmbeddedTestStore } from '../test/open-test-store.ts';
import { connectStores } from './store-over-port.ts';

const opening = openEmbeddedTestStore();
afterAll(async () => {
  const { store } = await opening;
  await store.close();
});

describeEventStore('chdb written to over a port', async () => {
  const { port1, port2 } = new MessageChannel();
  (await opening).serve(port1);
  return connectStores(port2).events;
});
