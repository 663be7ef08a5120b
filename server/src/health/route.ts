import type { ControlStore } from '@px-platform/control';
import type { Logger } from '@px-platform/runtime';
import type { HealthAnswer } from '@px-platform/schemas';
import type { EventReader } from '@px-platform/store';
import { type Request, type Response, Router } from 'express';
import packageJson from '../../package.json' with { type: 'json' };
import { refuseMethod } from '../http/refuse-unknown.ts';
import { contextOf } from '../http/request-context.ts';
import { sendJson } from '../http/send-json.ts';
import { checkDependency } from './check-dependency.ts';

const checkTimeoutMs = 2_000;
/** Without one of these no event can be taken: the answer is 503. Without others it can: `degraded`, 200. */
const neededToIngest: readonly string[] = ['log', 'spool', 'control'];

/** What the health routes need from outside. */
export interface HealthDeps {
  readonly reader: Pick<EventReader, 'ping'>;
  readonly control: Pick<ControlStore, 'ping'>;
  /** More dependencies by name, the log among them; a check throws where it is down. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  readonly logger: Logger;
  /** Gives ms. */
  readonly stopwatch: () => number;
  /** Aborted once the server stops: not ready from then on. */
  readonly stopping: AbortSignal;
}

/**
 * Mounts `/health/live` (the process answers), `/health` and `/health/ready` (each dependency with its
 * state and latency in ms). 503 and `down` where events can't be taken or the server stops; `degraded`
 * and 200 where only reading or processing is hurt: events are still durable, and caught up later.
 */
export function createHealthRouter(deps: HealthDeps): Router {
  const startedAt = deps.stopwatch();
  const checks: Readonly<Record<string, () => Promise<unknown>>> = {
    store: () => deps.reader.ping(),
    control: () => deps.control.ping(),
    ...deps.checks,
  };

  async function look(): Promise<HealthAnswer> {
    const entries = Object.entries(checks).map(async ([name, check]) => {
      const onFailure = (cause: unknown) => deps.logger.warn({ dependency: name, err: cause }, 'health check failed');
      const options = { timeoutMs: checkTimeoutMs, stopwatch: deps.stopwatch, onFailure };
      return [name, await checkDependency(check, options)] as const;
    });
    const dependencies = Object.fromEntries(await Promise.all(entries));
    return { ...toProcess(), status: toStatus(dependencies, deps.stopping.aborted), dependencies };
  }
  function toProcess(): HealthAnswer {
    const uptimeMs = Math.round(deps.stopwatch() - startedAt);
    return { status: 'ok', version: packageJson.version, uptime_ms: uptimeMs, dependencies: {} };
  }
  async function sendAll(_req: Request, res: Response): Promise<void> {
    const answer = await look();
    if (answer.status === 'down') contextOf(res).outcome = 'not_ready';
    res.setHeader('Cache-Control', 'no-store');
    sendJson(res, answer.status === 'down' ? 503 : 200, answer);
  }

  const router = Router();
  router
    .route('/health/live')
    .get((_req, res) => sendJson(res, 200, toProcess()))
    .all(refuseMethod('GET'));
  for (const path of ['/health', '/health/ready']) router.route(path).get(sendAll).all(refuseMethod('GET'));
  return router;
}

function toStatus(dependencies: HealthAnswer['dependencies'], isStopping: boolean): HealthAnswer['status'] {
  const down = Object.keys(dependencies).filter((name) => dependencies[name]?.status === 'down');
  if (isStopping || down.some((name) => neededToIngest.includes(name))) return 'down';
  return down.length > 0 ? 'degraded' : 'ok';
}
