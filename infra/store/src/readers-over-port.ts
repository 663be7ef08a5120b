import { type Ask, askPages, type Calls, toPageCalls } from '@px-platform/runtime';
import type { QueryAnswer, Question } from '@px-platform/schemas';
import type { AuditReader } from './audit-store.ts';
import type { DeadLetterStore } from './dead-letters/dead-letter-store.ts';
import { connectDeadLetters, toDeadLetterCalls } from './dead-letters/dead-letters-over-port.ts';
import type { EventReader, StoredRow } from './event-store.ts';
import { connectIdentity, toIdentityCalls } from './identity/identity-over-port.ts';
import type { IdentityStore } from './identity/identity-store.ts';
import type { PurgeDesk } from './purge/purge-store.ts';
import { connectPurgeDesk, toPurgeCalls } from './purge/purges-over-port.ts';
import type { RollupStore } from './rollups/rollup-store.ts';
import { connectRollups, toRollupCalls } from './rollups/rollups-over-port.ts';

/** What another process asks of the store: events, audit events, dead letters, rollups, who is who, and purges. */
export interface Readers {
  readonly reader: EventReader;
  readonly auditReader: AuditReader;
  readonly deadLetters: DeadLetterStore;
  readonly rollups: RollupStore;
  readonly identity: IdentityStore;
  readonly purges: PurgeDesk;
}

/** A project's rows of a time: `from` <= t < `to`, epoch ms. */
interface Export {
  readonly projectId: string;
  readonly range: { from: number; to: number };
}

/** The calls by which another process asks the store, for `serveCalls`. */
export function toReaderCalls({ reader, auditReader, deadLetters, rollups, identity, purges }: Readers): Calls {
  return {
    'reader.ask': (projectId: string, question: Question) => reader.ask(projectId, question),
    'reader.rowsSince': (projectId: string, cursor: string | null, limit: number) =>
      reader.rowsSince(projectId, cursor, limit),
    'reader.deadLetters': (projectId: string | null, limit: number) => reader.deadLetters(projectId, limit),
    'reader.ping': () => reader.ping(),
    ...toPurgeCalls(purges),
    ...toPageCalls('export', ({ projectId, range }: Export) => reader.exportRows(projectId, range)),
    ...toRollupCalls(rollups),
    ...toPageCalls('audit_export', ({ projectId, range }: Export) => auditReader.exportRows(projectId, range)),
    ...toDeadLetterCalls(deadLetters),
    ...toIdentityCalls(identity),
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
    deadLetters: connectDeadLetters(ask),
    rollups: connectRollups(ask),
    identity: connectIdentity(ask),
    purges: connectPurgeDesk(ask),
  };
}
