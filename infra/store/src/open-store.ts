import type { Clock } from '@px-platform/runtime';
import type { AuditReader, AuditStore } from './audit-store.ts';
import { createClickHouseAuditReader, createClickHouseAuditStore } from './clickhouse-audit-store.ts';
import { createClickHouseEventReader } from './clickhouse-event-reader.ts';
import { createClickHouseEventStore } from './clickhouse-event-store.ts';
import type { Engine } from './engine.ts';
import type { EventReader, EventStore } from './event-store.ts';
import { createClickHouseIdentityStore } from './identity/clickhouse-identity-store.ts';
import type { IdentityStore } from './identity/identity-store.ts';
import { migrate } from './migrate.ts';
import { defaultQueryBudget } from './queries/budget.ts';

/** Both sides of an open store; `store.close()` ends both. */
export interface OpenStore {
  readonly store: EventStore;
  readonly reader: EventReader;
  readonly auditStore: AuditStore;
  readonly auditReader: AuditReader;
  readonly identity: IdentityStore;
  /** Names of the migrations applied at this opening. */
  readonly applied: readonly string[];
}

/** Migrates over the writing engine, then gives the store; closes both engines where that fails. */
export async function createOpenStore(options: {
  write: Engine;
  read: Engine;
  clock: Clock;
  isSole: boolean;
}): Promise<OpenStore> {
  const { write, read, clock, isSole } = options;
  const closeBoth = async (): Promise<void> => {
    await write.close();
    if (read !== write) await read.close();
  };
  try {
    const applied = await migrate(write, { clock, isSole });
    const store = createClickHouseEventStore(write);
    return {
      store: { ...store, close: closeBoth },
      reader: createClickHouseEventReader(read, defaultQueryBudget, clock),
      auditStore: createClickHouseAuditStore(write),
      auditReader: createClickHouseAuditReader(read),
      identity: createClickHouseIdentityStore(write, read),
      applied,
    };
  } catch (error) {
    await closeBoth();
    throw error;
  }
}
