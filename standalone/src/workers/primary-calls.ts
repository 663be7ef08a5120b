import type { ControlStore } from '@px-platform/control';
import type { EventLog } from '@px-platform/log';
import { toLogCalls } from '@px-platform/log/over-port';
import type { Calls } from '@px-platform/runtime';
import { type Readers, toReaderCalls } from '@px-platform/store/over-port';
import { toControlCalls } from './control-over-port.ts';
import type { CounterCalls } from './counters-over-port.ts';
import type { WorkerStart } from './worker-start.ts';

/** What the primary holds for all workers: each is there once. */
export interface Held extends Readers {
  readonly start: WorkerStart;
  readonly log: EventLog;
  readonly auditLog: EventLog;
  readonly control: ControlStore;
  readonly counters: CounterCalls;
  readonly healthChecks: Readonly<Record<string, () => Promise<void>>>;
  readonly metricsText: () => Promise<string>;
  readonly sendVisitors: () => Promise<number>;
}

/** The calls by which one worker reaches what the primary holds, for `serveCalls`. */
export function toPrimaryCalls(held: Held): Calls {
  return {
    start: async () => held.start,
    ...toLogCalls(held.log, 'log'),
    ...toLogCalls(held.auditLog, 'audit_log'),
    ...toControlCalls(held.control),
    ...toReaderCalls(held),
    ...held.counters,
    check: async (name: string) => held.healthChecks[name]?.(),
    metrics: () => held.metricsText(),
    sendVisitors: () => held.sendVisitors(),
  };
}
