export type { AppendRecord, EventLog, LogEntry, LogPosition, LogReader, LogStatus } from './event-log.ts';
export { type LmdbLogOptions, openLmdbLog } from './lmdb.ts';
export type { GroupReader, LogGroup, LogMember } from './log-group.ts';
export { createMemoryDisk, createMemoryLog, type MemoryDisk } from './memory.ts';
export { createMemoryGroup, type MemoryGroup } from './memory-group.ts';
export { type LogTelemetry, withTelemetry } from './with-telemetry.ts';
