export { allocateYoung } from './allocate-young.ts';
export { AppError, type AppErrorCode, isAppError } from './app-error.ts';
export { type Clock, offsetClock, systemClock } from './clock.ts';
export { parseConfig } from './config.ts';
export { type FolderLock, lockFolder } from './folder-lock.ts';
export { createUuidV7, readUuidV7Time, toUuidV5 } from './ids.ts';
export { inOneGo } from './in-one-go.ts';
export { createLogger, type Logger, logLevels } from './logger.ts';
export { type Late, openLate } from './open-late.ts';
export { openTracer } from './open-tracer.ts';
export { type Ask, askOver, type CallPort, type Calls, serveCalls } from './port-calls.ts';
export { askPages, toPageCalls } from './port-pages.ts';
export { createRequestIds } from './request-ids.ts';
export { type ProcessRun, runProcess } from './run-process.ts';
export { type Closing, closeAll } from './shutdown.ts';
export type {
  Span,
  SpanFacts,
  Tracer,
  TracerSettings,
  TracerTelemetry,
} from './tracer.ts';
export { toTracerSettings, tracerConfigSchema } from './tracer-config.ts';
