import { join, sep } from 'node:path';
import express, { type Request, type Response, Router } from 'express';
import { createReadToken } from '../auth/read-token.ts';
import { isProblem, type Problem, sendProblem, toProblem } from '../http/problem.ts';
import type { DemoSite, ServerDeps } from '../server-deps.ts';
import { toInitScript } from './px-init.ts';

/** How long a page of the demo may read before it asks for a new token. */
const readTokenLifetimeMs = 15 * 60 * 1000;

/** Answer to `GET /demo/config.json`: all that the demo's pages are told. `endpoint` '' is the page's own origin. */
export interface DemoConfig {
  readonly apiKey: string;
  readonly projectId: string;
  readonly endpoint: string;
  /** Bound to the demo project and to reading. */
  readonly readToken: string;
  /** RFC 3339. */
  readonly readTokenExpiresAt: string;
}

type DemoDeps = Pick<ServerDeps, 'clock' | 'tokenSecret' | 'demo'>;

/**
 * Serves the demo site at `/` and what it asks under `/demo/`. Gives an empty router where no demo is configured. A
 * path it doesn't know goes on to the next handler.
 */
export function createDemoRouter({ demo, clock, tokenSecret }: DemoDeps): Router {
  const router = Router();
  if (demo === null) return router;

  router.get('/demo/config.json', (_req, res) => {
    const expiresAt = clock() + readTokenLifetimeMs;
    const config: DemoConfig = {
      apiKey: demo.apiKey,
      projectId: demo.projectId,
      endpoint: '',
      readToken: createReadToken(tokenSecret, { projectId: demo.projectId, expiresAt }),
      readTokenExpiresAt: new Date(expiresAt).toISOString(),
    };
    setPageHeaders(res);
    res.setHeader('Cache-Control', 'no-store');
    res.json(config);
  });
  router.get('/demo/px-init.js', (_req, res) => {
    setPageHeaders(res);
    res.type('text/javascript').send(toInitScript(demo));
  });
  router.post('/demo/visitors', createVisitorsHandler(demo));
  router.use(express.static(demo.dir, { extensions: ['html'], cacheControl: false, setHeaders: setFileHeaders }));
  // The studio is a single-page app: each of its addresses is the one page.
  router.get('/shop/studio/*step', (_req, res, next) => {
    setPageHeaders(res);
    res.sendFile(join('shop', 'studio', 'index.html'), { root: demo.dir + sep, cacheControl: false }, next);
  });
  return router;
}

/** One round of visitors at a time, asked for by the site's own pages. */
function createVisitorsHandler(demo: DemoSite): (req: Request, res: Response) => Promise<void> {
  let isSending = false;
  return async (req, res) => {
    const admitted = admit(req, isSending);
    if (isProblem(admitted)) return sendProblem(res, admitted);
    isSending = true;
    try {
      const sent = await demo.sendVisitors();
      res.setHeader('Cache-Control', 'no-store');
      res.json({ sent });
    } finally {
      isSending = false;
    }
  };
}

function admit(req: Request, isSending: boolean): Problem | 'admitted' {
  const origin = req.get('origin');
  if (origin !== undefined && !isSameHost(origin, req.get('host'))) {
    return toProblem('origin_not_allowed', 'Sample visitors are sent for the demo site alone, not from another page.');
  }
  if (isSending) {
    return toProblem('conflict', 'Sample visitors are on their way already; ask again in a second.', {
      retryAfterSeconds: 1,
    });
  }
  return 'admitted';
}

function isSameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** The site loads nothing from elsewhere and runs no inline script; a browser asks before it reuses a file. */
function setPageHeaders(res: Response): void {
  res.setHeader('Cache-Control', 'no-cache');
  res.setHeader('Content-Security-Policy', contentPolicy);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
}

/** A picture may style itself: browsers hold it to its own policy, not to that of the page around it. */
function setFileHeaders(res: Response, path: string): void {
  setPageHeaders(res);
  if (path.endsWith('.svg')) res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
}

const contentPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ');
