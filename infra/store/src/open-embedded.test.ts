import { describeEventStore } from '../test/event-store-conformance.ts';
import { openEmbeddedTestStore } from '../test/open-test-store.ts';

describeEventStore('chdb', async () => (await openEmbeddedTestStore()).store);
