export type { AppendRecord, EventLog, LogEntry, LogPosition, LogReader, LogStatus } from './event-log.ts';
