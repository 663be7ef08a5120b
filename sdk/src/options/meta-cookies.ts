import { readCookie, writeCookie } from '../person/cookie.ts';

/**
 * Gives Meta's browser id and click id: what its pixel wrote to `_fbp` and `_fbc`, else made here, in its form
 * `fb.1.<epoch ms>.<value>`; a new `fbclid` makes a new click id.
 * Source: https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc
 */
export function keepMetaCookies(
  domain: string | undefined,
  fbclid: string | null,
  moment: { readonly now: number; readonly random: number },
): { readonly fbp?: string; readonly fbc?: string } {
  const keep = (name: string, value: string) => writeCookie(name, `fb.1.${moment.now}.${value}`, domain);
  if (!readCookie('_fbp')) keep('_fbp', String(Math.floor(moment.random * 1e10)));
  if (fbclid && !readCookie('_fbc').endsWith(`.${fbclid}`)) keep('_fbc', fbclid);
  const [fbp, fbc] = [readCookie('_fbp'), readCookie('_fbc')];
  return { ...(fbp && { fbp }), ...(fbc && { fbc }) };
}
