import { afterAll } from 'vitest';
import { describeAuditStore } from '../test/audit-store-conformance.ts';
import { describeEventReader } from '../test/event-reader-conformance.ts';
import { describeEventStore } from '../test/event-store-conformance.ts';
import { openServerTestStore } from '../test/open-test-store.ts';
import { describeSaltStore } from '../test/salt-store-conformance.ts';

const opening = openServerTestStore();
afterAll(async () => {
  const { store } = await opening;
  await store.close();
});

describeEventStore('ClickHouse over HTTP', async () => (await opening).store);
describeEventReader('ClickHouse over HTTP', () => opening);
describeAuditStore('ClickHouse over HTTP', async () => {
  const { auditStore, auditReader } = await opening;
  return { store: auditStore, reader: auditReader };
});
describeSaltStore('ClickHouse over HTTP', async () => (await opening).salts);
