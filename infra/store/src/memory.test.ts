import { describeAuditStore } from '../test/audit-store-conformance.ts';
import { describeEventStore } from '../test/event-store-conformance.ts';
import { createMemoryStore } from './memory.ts';
import { createMemoryAuditStore } from './memory-audit.ts';

describeEventStore('memory', async () => createMemoryStore());
describeAuditStore('memory', async () => {
  const store = createMemoryAuditStore();
  return { store, reader: store };
});
