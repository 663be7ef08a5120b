export { connectEventLog, toLogCalls } from './log-over-port.ts';
export { connectLogReader, type LogStanding, serveLogReader } from './reader-over-port.ts';
