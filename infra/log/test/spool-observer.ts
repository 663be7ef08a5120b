import type { SpoolTelemetry } from '../src/spool/spool-telemetry.ts';

/** Counts what a spool tells. */
export interface SpoolObserver extends SpoolTelemetry {
  readonly seen: {
    left: number;
    returned: number;
    spooled: number;
    drained: number;
    batches: number;
    setAside: number;
    damaged: number;
    failures: unknown[];
  };
}

/** Builds an observer that has seen nothing yet. */
export function createSpoolObserver(): SpoolObserver {
  const seen: SpoolObserver['seen'] = {
    left: 0,
    returned: 0,
    spooled: 0,
    drained: 0,
    batches: 0,
    setAside: 0,
    damaged: 0,
    failures: [],
  };
  return {
    seen,
    left() {
      seen.left += 1;
    },
    returned() {
      seen.returned += 1;
    },
    spooled({ records }) {
      seen.spooled += records;
    },
    drained({ records }) {
      seen.drained += records;
      seen.batches += 1;
    },
    drainFailed: ({ error }) => void seen.failures.push(error),
    setAside() {
      seen.setAside += 1;
    },
    damaged() {
      seen.damaged += 1;
    },
  };
}
