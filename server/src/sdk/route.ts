import { type Request, type Response, Router } from 'express';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { createEncodeOnce, type Encoding } from './encode-once.ts';
import type { SdkFile, SdkFiles } from './read-sdk-files.ts';

/** A fix reaches a page ten minutes later, and a page never waits for the question whether there is one. */
const plainName = 'public, max-age=600, stale-while-revalidate=86400';
const hashedName = 'public, max-age=31536000, immutable';
const hashed = /^([a-z-]+)\.([0-9a-f]{16})(\.m?js)$/;

/**
 * Serves the SDK to pages of any origin: `px.js` and its parts under their names, each script also for ever under
 * `px.<hash>.js`, and `integrity.json`, which tells these names and the hashes for Subresource Integrity. A hash of
 * another build leads to the file of this one, so that a site that pinned it is measured on after an upgrade.
 */
export function createSdkRouter(files: SdkFiles): Router {
  const router = Router();
  const encodeOnce = createEncodeOnce();

  const send = async (req: Request, res: Response, file: SdkFile, cacheControl: string) => {
    const encoding = chooseEncoding(req);
    setHeaders(res, cacheControl);
    res.type(file.name.endsWith('.map') ? 'application/json' : 'text/javascript');
    if (encoding !== 'identity') res.setHeader('Content-Encoding', encoding);
    // Strong, so each encoding has its own: the bytes differ.
    res.setHeader('ETag', `"${file.hash}-${encoding}"`);
    res.send(await encodeOnce(file, encoding));
  };

  router.get('/integrity.json', (_req, res) => {
    setHeaders(res, 'no-cache');
    res.json(toIntegrity(files));
  });
  router.get('/:file', async (req, res, next) => {
    const file = files.get(req.params.file);
    if (file) return send(req, res, file, plainName);
    const [, base = '', hash, ending = ''] = hashed.exec(req.params.file) ?? [];
    const named = files.get(base + ending);
    if (named === undefined) return next('router');
    if (named.hash === hash) return send(req, res, named, hashedName);
    setHeaders(res, 'no-cache');
    // Relative, so that it leads there behind any path of a proxy.
    return res.redirect(named.name);
  });
  router.all(['/integrity.json', '/:file'], refuseMethod('GET', 'HEAD'));
  return router;
}

/** The smallest that the client takes: browsers name brotli last, and mean no order by it. */
function chooseEncoding(req: Request): Encoding {
  const wanted: Encoding[] = ['br', 'gzip'];
  return wanted.find((encoding) => req.acceptsEncodings(encoding)) ?? 'identity';
}

/** Any page may load it, also one that isolates itself (COEP), and see how long that took. */
function setHeaders(res: Response, cacheControl: string): void {
  res.setHeader('Cache-Control', cacheControl);
  res.vary('Accept-Encoding');
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  res.setHeader('Timing-Allow-Origin', '*');
  res.setHeader('X-Content-Type-Options', 'nosniff');
}

function toIntegrity(files: SdkFiles): Record<string, { readonly immutable: string; readonly integrity: string }> {
  const scripts = [...files.values()].filter(({ name }) => !name.endsWith('.map'));
  return Object.fromEntries(
    scripts.map(({ name, hash, integrity }) => [name, { immutable: name.replace('.', `.${hash}.`), integrity }]),
  );
}
