export { type KafkaConfig, kafkaConfigSchema, spoolConfigSchema, toKafkaSettings } from './config.ts';
export type {
  AppendRecord,
  EventLog,
  LogEntry,
  LogPosition,
  LogReader,
  LogStatus,
  SpoolStatus,
} from './event-log.ts';
export { createKafkaGroup, type KafkaSettings, openKafkaLog } from './kafka.ts';
export { type LmdbLogOptions, openLmdbLog } from './lmdb.ts';
export type { GroupReader, LogGroup, LogMember } from './log-group.ts';
export { createMemoryDisk, createMemoryLog, type MemoryDisk } from './memory.ts';
export { createMemoryGroup, type MemoryGroup } from './memory-group.ts';
export { createSpooledLog, type SpooledLog } from './spool/create-spooled-log.ts';
export { openLateLog } from './spool/open-late-log.ts';
export { openSpool, type Spool } from './spool/open-spool.ts';
export type { SpoolTelemetry } from './spool/spool-telemetry.ts';
export { openSpooledKafkaLog } from './spooled-kafka.ts';
export { type LogTelemetry, withTelemetry } from './with-telemetry.ts';
