import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '@px-platform/runtime';
import type { AuditReader, AuditStore } from './audit-store.ts';
import { createClickHouseAuditReader, createClickHouseAuditStore } from './clickhouse-audit-store.ts';
import { createClickHouseEventReader } from './clickhouse-event-reader.ts';
import { createClickHouseEventStore } from './clickhouse-event-store.ts';
import type { Engine } from './engine.ts';
import type { EventReader, EventStore } from './event-store.ts';
import { migrate } from './migrate.ts';
import { serveEngine } from './store-over-port.ts';

/** Both sides of an open store; `store.close()` ends both. */
export interface OpenStore {
  readonly store: EventStore;
  readonly reader: EventReader;
  readonly auditStore: AuditStore;
  readonly auditReader: AuditReader;
  /** Lets another thread write to the store, which connects with `connectEventStore`. */
  serve(port: MessagePort): void;
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
      reader: createClickHouseEventReader(read),
      auditStore: createClickHouseAuditStore(write),
      auditReader: createClickHouseAuditReader(read),
      serve: (port) => serveEngine(write, port),
      applied,
    };
  } catch (error) {
    await closeBoth();
    throw error;
  }
}
