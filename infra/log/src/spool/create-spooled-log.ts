import { AppError, closeAll } from '@px-platform/runtime';
import type { EventLog, LogStatus } from '../event-log.ts';
import { createDrain } from './create-drain.ts';
import { createIntake } from './create-intake.ts';
import { createStandingReader } from './create-standing-reader.ts';
import { type Later, runLater } from './later.ts';
import type { Spool } from './open-spool.ts';
import { type SpoolLimits, spoolLimits } from './spool-limits.ts';
import type { SpoolTelemetry } from './spool-telemetry.ts';

/** A log that goes on taking appends while the one beneath it is away. */
export interface SpooledLog extends EventLog {
  /**
   * Two parts of `/health`. `spool` throws `log_full` where it is in use and has no room for the like of what it refused last,
   * and what its file throws; `broker` throws `log_unavailable` while appends go to the spool.
   */
  readonly checks: Readonly<Record<'spool' | 'broker', () => Promise<void>>>;
}

/**
 * Puts a spool beside a log. Appends go to the log; where it throws `log_unavailable`, or has not answered for too long, they go
 * to the spool, durably, and all after them, until the drain has taken the last of it to the log. Of two records of one key, the
 * one that was answered before the other came lies first in the log; so do those of calls under way at the same time,
 * unless the log took the later one and refused the earlier. A record whose answer from the log was lost may lie in it twice: the
 * processor drops copies by `event_id`. docs/adr/0030-a-spool-beside-the-log.md goes through the cases.
 *
 * `log` must answer within a bounded time, and be there while its broker is away (`openLateLog`); it is this one's to close, as the spool is. Its other
 * errors than `log_unavailable` are the caller's. `append` throws `log_full` where the log is away and the spool has no room.
 */
export function createSpooledLog(options: {
  readonly log: EventLog;
  /** What `status` says of `log` while it can't be asked. */
  readonly backend: LogStatus['backend'];
  readonly spool: Spool;
  readonly telemetry: SpoolTelemetry;
  /** Gives 0..1, for pauses. */
  readonly random: () => number;
  /** Gives ms. */
  readonly stopwatch: () => number;
  readonly limits?: SpoolLimits;
  readonly later?: Later;
}): SpooledLog {
  const parts = { later: runLater, limits: spoolLimits, ...options };
  const { log, spool, later } = parts;
  const intake = createIntake({ ...parts, onSpooled: () => drain.start() });
  const drain = createDrain({ ...parts, intake });
  const readStanding = createStandingReader(log, options.backend, later);
  let closing: Promise<void> | null = null;
  drain.start();

  function ensureOpen(): void {
    if (closing !== null) {
      throw new AppError('log_unavailable', 'The spooled log is closed; start the process again to use it.');
    }
  }

  async function checkSpool(): Promise<void> {
    ensureOpen();
    // Throws where the file takes no more writes.
    await spool.queue.read(0, intake.end(), { maxRecords: 1, maxBytes: 0 });
    const { bytes, maxBytes } = await spool.queue.status();
    const refused = intake.refusedBytes();
    if (intake.isDirect() || refused === 0 || bytes + refused <= maxBytes) return;
    const message = `The log is away, and its spool holds ${bytes} of ${maxBytes} bytes. Bring the log back, or raise SPOOL_MAX_BYTES.`;
    throw new AppError('log_full', message);
  }

  async function checkBroker(): Promise<void> {
    ensureOpen();
    if (intake.isDirect()) return;
    throw new AppError('log_unavailable', 'The log is away, or its spool not yet drained. See to the log.');
  }

  return {
    checks: { spool: checkSpool, broker: checkBroker },
    async append(records) {
      ensureOpen();
      return records.length === 0 ? [] : await intake.append(records);
    },
    async status() {
      ensureOpen();
      const [standing, { depth, bytes, maxBytes, oldestAgeMs }, { depth: setAside }] = await Promise.all([
        readStanding(),
        spool.queue.status(),
        spool.aside.status(),
      ]);
      return { ...standing, spool: { isInUse: !intake.isDirect(), depth, bytes, maxBytes, oldestAgeMs, setAside } };
    },
    close() {
      closing ??= shut();
      return closing;
    },
  };

  async function shut(): Promise<void> {
    await drain.stop();
    await intake.idle();
    await closeAll([
      { name: 'the log', close: () => log.close() },
      { name: 'the spool', close: () => spool.close() },
    ]);
  }
}
