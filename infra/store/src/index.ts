export type {
  EventReader,
  EventStore,
  RowBatch,
  StoredId,
  StoredRow,
  StoredSession,
  Uncommitted,
} from './event-store.ts';
