import type { Clock } from '@px-platform/runtime';
import type { EventLog } from './event-log.ts';

/** Who is told of each append, when it has ended. */
export interface LogTelemetry {
  /** Records and payload bytes that are durable now; `seconds` from the call to its answer. */
  appended(append: { records: number; bytes: number; seconds: number }): void;
  /** The records of one call that were refused, and the error that its caller gets. */
  failed(failure: { records: number; bytes: number; seconds: number; error: unknown }): void;
}

/** Wraps a log so that each append is observed; answers and errors pass through unchanged. `clock` in ms. */
export function withTelemetry(log: EventLog, telemetry: LogTelemetry, clock: Clock): EventLog {
  return {
    async append(records) {
      const startedAt = clock();
      const bytes = records.reduce((sum, { payload }) => sum + payload.length, 0);
      const measure = () => ({ records: records.length, bytes, seconds: (clock() - startedAt) / 1_000 });
      try {
        const positions = await log.append(records);
        telemetry.appended(measure());
        return positions;
      } catch (error) {
        telemetry.failed({ ...measure(), error });
        throw error;
      }
    },
    status: () => log.status(),
    close: () => log.close(),
  };
}
