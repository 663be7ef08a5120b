import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventLog } from '@px-platform/log';
import type { ServerDeps } from '../server-deps.ts';
import { createAdmissionGate } from './admission-gate.ts';
import { createEarlyHold } from './hold-early.ts';
import { createRefusals } from './refuse-excess.ts';
import { watchAppends } from './watch-appends.ts';
import { createWorkLine, type WorkLine } from './work-line.ts';

type Listener = (req: IncomingMessage, res: ServerResponse) => void;

/** What keeps the server answering when more comes than it or its disk can take. */
export interface IngestGuard {
  /** The log, watched: what is appended must go through this one. */
  readonly log: EventLog;
  /** To be entered by each request that is let in, before it is worked on. */
  readonly line: WorkLine;
  /** Two parts of `/health`: whether the log takes appends, and whether requests are refused for their number. */
  readonly checks: Readonly<Record<'log' | 'ingest', () => Promise<void>>>;
  /** Puts the gate before the app. */
  toListener(app: Listener): Listener;
}

/** Builds the guard of one server. `stopwatch` gives ms. */
export function guardIngest(deps: ServerDeps, stopwatch: () => number, stopping: AbortSignal): IngestGuard {
  const { config, metrics, newRequestId, logger } = deps;
  const watched = watchAppends(deps.log, stopwatch);
  const hold = createEarlyHold({ stopwatch, maxHeld: config.MAX_CONNECTIONS / 2, stopping });
  const refusals = createRefusals({ newRequestId, metrics, logger, stopwatch, stopping, hold });
  const line = createWorkLine(stopwatch, (ms) => metrics.ingestWaited(ms));
  return {
    log: watched.log,
    line,
    checks: { log: () => watched.check(), ingest: () => refusals.check() },
    toListener(app) {
      const gate = createAdmissionGate({
        limits: config,
        run: app,
        line,
        refuse: refusals.refuse,
        isLogStalled: () => watched.isStalled(),
      });
      metrics.readInFlight(() => gate.load());
      return gate.listener;
    },
  };
}
