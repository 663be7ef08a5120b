import { withTelemetry } from '@px-platform/log';
import express, { type Express } from 'express';
import { createAdminRouter } from './admin/route.ts';
import { createAuditRouter } from './audit/route.ts';
import { createAdmit } from './auth/admit.ts';
import { createAuthenticator } from './auth/authenticate.ts';
import { createDemoRouter } from './demo/route.ts';
import { createDocsRouter } from './docs/route.ts';
import { createMetricsRouter } from './health/metrics-route.ts';
import { createHealthRouter } from './health/route.ts';
import { assignContext } from './http/assign-context.ts';
import { closeWhenStopping } from './http/close-when-stopping.ts';
import { handleErrors } from './http/handle-errors.ts';
import { logRequest } from './http/log-request.ts';
import { refuseOddHead } from './http/refuse-odd-head.ts';
import { refusePath } from './http/refuse-unknown.ts';
import { traceRequest } from './http/trace-request.ts';
import { trustProxy } from './http/trust-proxy.ts';
import { createIngestRouter } from './ingest/route.ts';
import { createRefusalPace } from './limits/hold-refusals.ts';
import { createRateLimiter } from './limits/rate-limiter.ts';
import { createLiveRouter } from './live/route.ts';
import type { IngestGuard } from './overload/guard-ingest.ts';
import { createPlanCache } from './plans/plan-cache.ts';
import { createExportRouter } from './query/export-route.ts';
import { createQueryRouter } from './query/route.ts';
import { createSdkRouter } from './sdk/route.ts';
import { createSegmentRouter } from './segment/route.ts';
import type { ServerDeps } from './server-deps.ts';

/** What the app is given by the process that runs it. */
export interface Running {
  /** Aborted when the server begins to stop: live streams end. */
  readonly stopping: AbortSignal;
  /** Hears the id of each key that a request was accepted with. */
  readonly onKeyUsed: (keyId: string) => void;
  readonly guard: IngestGuard;
}

/** The server as a list of what is mounted, the hot path first. */
export function createApp(deps: ServerDeps, { stopping, onKeyUsed, guard }: Running): Express {
  const { config, clock, newId, newRequestId, logger, metrics, tracer, reader, control, demo, tokenSecret } = deps;
  const stopwatch = () => performance.now();
  const log = withTelemetry(guard.log, metrics, stopwatch);
  const auditLog = withTelemetry(deps.auditLog, metrics, stopwatch);
  const authenticator = createAuthenticator({ control, clock, tokenSecret, onUse: onKeyUsed });
  const limiter = createRateLimiter({ toStore: (window) => deps.rateCounters.toStore(window), metrics });
  const admit = createAdmit(authenticator, limiter, createRefusalPace(stopwatch));
  const timeoutMs = config.REQUEST_TIMEOUT_MS;

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  trustProxy(app, config.TRUST_PROXY);
  app.use(assignContext({ clock, newRequestId }));
  app.use(logRequest({ logger, metrics, stopwatch }));
  if (tracer !== null) app.use(traceRequest(tracer));
  app.use(refuseOddHead);
  app.use(closeWhenStopping(stopping));

  const checks = { ...guard.checks, ...deps.healthChecks };
  const plans = createPlanCache({ control, onLoadFailed: () => metrics.planLoadFailed() });
  const ingest = { log, line: guard.line, admit, plans, metrics, tracer, newId, timeoutMs };
  app.use(createIngestRouter(ingest));
  app.use(createSegmentRouter(ingest));
  app.use(createAuditRouter({ ...ingest, log: auditLog }));
  app.use(createQueryRouter({ reader, admit, timeoutMs }));
  app.use(createExportRouter({ reader, auditReader: deps.auditReader, admit }));
  app.use(createLiveRouter({ reader, admit, authenticator, metrics, stopping }));
  app.use(createHealthRouter({ reader, control, checks, logger, stopwatch, stopping }));
  app.use(createMetricsRouter(deps));
  app.use(createDocsRouter());
  app.use('/sdk', createSdkRouter(deps.sdkFiles));
  app.use('/admin/v1', createAdminRouter({ ...deps, log, auditLog }));
  app.use(createDemoRouter({ demo, clock, tokenSecret }));

  app.use(refusePath);
  app.use(handleErrors(logger));
  return app;
}
