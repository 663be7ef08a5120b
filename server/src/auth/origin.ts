const shape = /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?([^/?#@*\s]+)\/?$/i;
const labels = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/**
 * Gives an origin in the form in which browsers send it (lower case, punycode, no default port), with
 * `*.` kept before the host, or null where it is none: `https://acme.com`, `https://*.acme.com:8443`.
 */
export function parseOrigin(text: string): string | null {
  const [, scheme = '', wildcard = '', host = ''] = shape.exec(text.trim()) ?? [];
  if (!URL.canParse(`${scheme}://${host}`)) return null;
  const url = new URL(`${scheme}://${host}`);
  return url.host === '' ? null : `${url.protocol}//${wildcard}${url.host}`;
}

/**
 * Says whether a page of this origin may use a key bound to these. A wildcard stands for one or more
 * labels before the host, never for none, and scheme and port must be the same. Never throws.
 */
export function isOriginAllowed(allowed: readonly string[], origin: string): boolean {
  const sent = origin.toLowerCase();
  return allowed.some((one) => one === sent || isCovered(one, sent));
}

function isCovered(allowed: string, sent: string): boolean {
  const star = allowed.indexOf('*.');
  if (star === -1) return false;
  const before = allowed.slice(0, star);
  const after = allowed.slice(star + 1);
  if (!sent.startsWith(before) || !sent.endsWith(after)) return false;
  return labels.test(sent.slice(before.length, sent.length - after.length));
}
