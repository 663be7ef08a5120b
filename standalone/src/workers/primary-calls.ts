import type { ControlStore } from '@px-platform/control';
import type { EventLog } from '@px-platform/log';
import { toLogCalls } from '@px-platform/log/over-port';
import { type Calls, toPageCalls } from '@px-platform/runtime';
import type { Question } from '@px-platform/schemas';
import type { AuditReader, EventReader } from '@px-platform/store';
import { toControlCalls } from './control-over-port.ts';
import type { CounterCalls } from './counters-over-port.ts';
import type { WorkerStart } from './worker-start.ts';

/** What the primary holds for all workers: each is there once. */
export interface Held {
  readonly start: WorkerStart;
  readonly log: EventLog;
  readonly auditLog: EventLog;
  readonly reader: EventReader;
  readonly auditReader: AuditReader;
  readonly control: ControlStore;
  readonly counters: CounterCalls;
  readonly healthChecks: Readonly<Record<string, () => Promise<void>>>;
  readonly metricsText: () => Promise<string>;
  readonly sendVisitors: () => Promise<number>;
}

/** A project's rows of a time: `from` <= t < `to`, epoch ms. */
export interface Export {
  readonly projectId: string;
  readonly range: { from: number; to: number };
}

/** The calls by which one worker reaches what the primary holds, for `serveCalls`. */
export function toPrimaryCalls(held: Held): Calls {
  const { reader, auditReader } = held;
  return {
    start: async () => held.start,
    ...toLogCalls(held.log, 'log'),
    ...toLogCalls(held.auditLog, 'audit_log'),
    ...toControlCalls(held.control),
    ...toPageCalls('export', ({ projectId, range }: Export) => reader.exportRows(projectId, range)),
    ...toPageCalls('audit_export', ({ projectId, range }: Export) => auditReader.exportRows(projectId, range)),
    'reader.ask': (projectId: string, question: Question) => reader.ask(projectId, question),
    'reader.rowsSince': (projectId: string, cursor: string | null, limit: number) =>
      reader.rowsSince(projectId, cursor, limit),
    'reader.deadLetters': (projectId: string | null, limit: number) => reader.deadLetters(projectId, limit),
    'reader.ping': () => reader.ping(),
    ...held.counters,
    check: async (name: string) => held.healthChecks[name]?.(),
    metrics: () => held.metricsText(),
    sendVisitors: () => held.sendVisitors(),
  };
}
