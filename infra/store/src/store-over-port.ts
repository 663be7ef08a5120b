import type { MessagePort } from 'node:worker_threads';
import { askOver, serveCalls } from '@px-platform/runtime';
import type { AuditStore } from './audit-store.ts';
import { createClickHouseAuditStore } from './clickhouse-audit-store.ts';
import { createClickHouseEventStore } from './clickhouse-event-store.ts';
import type { Engine, EngineAnswer } from './engine.ts';
import type { EventStore } from './event-store.ts';
import type { Statement } from './statement.ts';

/** Lets a store in another thread write over the port. What crosses it are statements and rows as text. */
export function serveEngine(engine: Engine, port: MessagePort): void {
  serveCalls(port, {
    run: (statement: Statement) => engine.run(statement),
    ask: (statement: Statement) => engine.ask(statement),
    insert: (sql: string, data: string) => engine.insert(sql, data),
  });
}

/**
 * The store's writing sides in another thread than the engine, which chdb ties to the main thread: rows become text
 * here and are stored there. `close` closes the port only.
 */
export function connectStores(port: MessagePort): { readonly events: EventStore; readonly audit: AuditStore } {
  const ask = askOver(port);
  const engine: Engine = {
    run: (statement) => ask<void>('run', statement),
    ask: (statement) => ask<EngineAnswer>('ask', statement),
    insert: (sql, data) => ask<void>('insert', sql, data),
    close: async () => port.close(),
  };
  return { events: createClickHouseEventStore(engine), audit: createClickHouseAuditStore(engine) };
}
