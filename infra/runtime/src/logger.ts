import { type Logger as PinoLogger, pino } from 'pino';

/** Structured JSON logs on standard output, one object a line. */
export type Logger = PinoLogger;

/** Builds the logger of a process. Keys and bodies are never given to it; these paths are cut if they are. */
export function createLogger(options: { level: string; name: string }): Logger {
  return pino({
    level: options.level,
    base: { name: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ['authorization', 'key', 'api_key', 'headers', 'body', 'ip'], remove: true },
  });
}
