export type { AppendRecord, EventLog, LogEntry, LogPosition, LogReader, LogStatus } from './event-log.ts';
export { type LmdbLogOptions, openLmdbLog } from './lmdb.ts';
export { createMemoryDisk, createMemoryLog, type MemoryDisk } from './memory.ts';
export { type LogTelemetry, withTelemetry } from './with-telemetry.ts';
