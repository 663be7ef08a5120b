export { AppError, type AppErrorCode, isAppError } from './app-error.ts';
export { type Clock, systemClock } from './clock.ts';
export { parseConfig } from './config.ts';
export { createUuidV7, readUuidV7Time, toUuidV5 } from './ids.ts';
export { createLogger, type Logger } from './logger.ts';
export { type Closing, closeAll } from './shutdown.ts';
