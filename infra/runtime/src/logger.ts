import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** Structured JSON logs, one object a line. */
export type Logger = PinoLogger;

/** What may wait for a reader that has stalled, in bytes; lines beyond are dropped, since memory is not endless. */
const maxWaitingBytes = 16 * 1024 * 1024;

/** A line waits this long for others at most, unless so many bytes are together before. */
const flushIntervalMs = 100;
const writeBytes = 4_096;

/**
 * Builds the logger of a process; it writes to standard output where no `sink` is given. There lines are
 * written together, within 100 ms, and what is left at the process's exit; a kill loses what waits. Keys and bodies
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
  return pino(settings, options.sink ?? openStandardOutput());
}

/** A write of its own for each line would be a system call a request on the thread that answers them. */
function openStandardOutput(): DestinationStream {
  return pino.destination({
    dest: 1,
    sync: false,
    minLength: writeBytes,
    periodicFlush: flushIntervalMs,
    maxLength: maxWaitingBytes,
  });
}
