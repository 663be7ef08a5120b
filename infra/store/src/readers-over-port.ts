import { type Ask, askPages, type Calls, toPageCalls } from '@px-platform/runtime';
import type { QueryAnswer, Question } from '@px-platform/schemas';
import type { AuditReader } from './audit-store.ts';
import type { EventReader, StoredRow } from './event-store.ts';

/** The store's reading sides: of events, and of audit events. */
export interface Readers {
  readonly reader: EventReader;
  readonly auditReader: AuditReader;
}

/** A project's rows of a time: `from` <= t < `to`, epoch ms. */
interface Export {
  readonly projectId: string;
  readonly range: { from: number; to: number };
}

/** The calls by which another process asks the store, for `serveCalls`. */
export function toReaderCalls({ reader, auditReader }: Readers): Calls {
  return {
    'reader.ask': (projectId: string, question: Question) => reader.ask(projectId, question),
    'reader.rowsSince': (projectId: string, cursor: string | null, limit: number) =>
      reader.rowsSince(projectId, cursor, limit),
    'reader.deadLetters': (projectId: string | null, limit: number) => reader.deadLetters(projectId, limit),
    'reader.ping': () => reader.ping(),
    ...toPageCalls('export', ({ projectId, range }: Export) => reader.exportRows(projectId, range)),
    ...toPageCalls('audit_export', ({ projectId, range }: Export) => auditReader.exportRows(projectId, range)),
  };
}

/** The store's reading sides in another process than the engine: keep the contract of the readers that are served. */
export function connectReaders(ask: Ask): Readers {
  return {
    reader: {
      ask: (projectId, question) => ask<QueryAnswer>('reader.ask', projectId, question),
      exportRows: (projectId, range) => askPages<StoredRow[]>(ask, 'export', { projectId, range }),
      rowsSince: (projectId, cursor, limit) => ask('reader.rowsSince', projectId, cursor, limit),
      deadLetters: (projectId, limit) => ask('reader.deadLetters', projectId, limit),
      ping: () => ask<void>('reader.ping'),
    },
    auditReader: {
      exportRows: (projectId, range) => askPages<StoredRow[]>(ask, 'audit_export', { projectId, range }),
    },
  };
}
