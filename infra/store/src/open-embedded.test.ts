import { afterAll } from 'vitest';
import { describeAuditStore } from '../test/audit-store-conformance.ts';
import { describeEventReader } from '../test/event-reader-conformance.ts';
import { describeEventStore } from '../test/event-store-conformance.ts';
import { openEmbeddedTestStore } from '../test/open-test-store.ts';
import { describeSaltStore } from '../test/salt-store-conformance.ts';

const opening = openEmbeddedTestStore();
afterAll(async () => {
  const { store } = await opening;
  await store.close();
});

describeEventStore('chdb', async () => (await opening).store);
describeEventReader('chdb', () => opening);
describeAuditStore('chdb', async () => {
  const { auditStore, auditReader } = await opening;
  return { store: auditStore, reader: auditReader };
});
describeSaltStore('chdb', async () => (await opening).salts);
