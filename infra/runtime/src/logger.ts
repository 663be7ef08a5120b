import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { createTurnSink } from './turn-sink.ts';

/** Structured JSON logs, one object a line. */
export type Logger = PinoLogger;

/** How much a process tells, from the least. */
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Builds the logger of a process; it writes to standard output where no `sink` is given. Keys and bodies
 * are never given to it; these fields of a line are cut if they are, at its top level only, since looking
 * deeper triples the price of a line.
 */
export function createLogger(options: { level: string; name: string; sink?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: { name: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['authorization', 'key', 'api_key', 'headers', 'body', 'ip'], remove: true },
  };
  return pino(settings, options.sink ?? createTurnSink(process.stdout));
}
