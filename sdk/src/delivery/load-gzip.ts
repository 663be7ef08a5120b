import { after, count } from '../diagnostics.ts';

/** UTF-8 JSON, or the same as gzip: the server tells them apart by the first two bytes. */
export type Body = Uint8Array<ArrayBuffer>;

/** gzip in one go, of fflate, once it is there. */
export let gzip: ((bytes: Body) => Body) | undefined;

/** Fetches fflate when the page is idle: for exits with much to say, and for browsers without CompressionStream. */
export function loadGzip(): void {
  const load = () =>
    import('../entries/gzip.ts').then(
      (file) => {
        gzip = file.gzip;
      },
      (error) => count('gzip_missing', 1, error),
    );
  if ('requestIdleCallback' in window) requestIdleCallback(load);
  else after(2_000, load);
}
