import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Response, Router } from 'express';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { toDocumentText } from '../openapi/document.ts';
import { pagePolicy, startScript, toPage } from './page.ts';

/** The files of Swagger UI that the page loads, by media type. */
const pageFiles: ReadonlyMap<string, string> = new Map([
  ['swagger-ui-bundle.js', 'text/javascript'],
  ['swagger-ui.css', 'text/css'],
  ['favicon-32x32.png', 'image/png'],
]);

/** Mounts `GET /openapi.json` and `/docs`, a page to read it with all that it loads. Source: contract 2. */
export function createDocsRouter(): Router {
  const router = Router();
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  // Made for the first who asks: a start need not wait for it.
  let made: { readonly text: string; readonly etag: string } | null = null;

  router
    .route('/openapi.json')
    .get((_req, res) => {
      made ??= makeDocument();
      setHeaders(res);
      // Tools in a page of any origin may read it: it holds nothing that is not public.
      res.setHeader('Access-Control-Allow-Origin', '*');
      res.setHeader('ETag', made.etag);
      res.type('application/json').send(made.text);
    })
    .all(refuseMethod('GET'));
  router
    .route('/docs')
    .get((req, res) => {
      setHeaders(res);
      res.setHeader('Content-Security-Policy', pagePolicy);
      res.type('text/html').send(toPage(req.path.endsWith('/') ? '../' : './'));
    })
    .all(refuseMethod('GET'));
  router
    .route('/docs/start.js')
    .get((_req, res) => {
      setHeaders(res);
      res.type('text/javascript').send(startScript);
    })
    .all(refuseMethod('GET'));
  router
    .route('/docs/:file')
    .get(async (req, res, next) => {
      const { file } = req.params;
      const type = pageFiles.get(file);
      if (type === undefined) return next('router');
      const body = await readFile(join(folder, file));
      setHeaders(res);
      res.setHeader('ETag', toETag(body));
      return void res.type(type).send(body);
    })
    .all(refuseMethod('GET'));
  return router;
}

function makeDocument() {
  const text = toDocumentText();
  return { text, etag: toETag(Buffer.from(text)) };
}

function toETag(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

function setHeaders(res: Response): void {
  res.setHeader('Cache-Control', 'no-cache');
  res.setHeader('X-Content-Type-Options', 'nosniff');
}
