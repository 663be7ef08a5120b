import { describeEventStore } from '../test/event-store-conformance.ts';
import { openServerTestStore } from '../test/open-test-store.ts';

describeEventStore('ClickHouse over HTTP', async () => (await openServerTestStore()).store);
