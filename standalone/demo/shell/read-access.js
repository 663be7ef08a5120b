/**
 * @typedef {object} ReadAccess
 * @property {() => Promise<string>} token gives a read token that still holds for a minute; throws where the server gives none
 * @property {() => void} forget drops the token: the server refused it
 * @property {() => number} msToRenewal time until the present token should be replaced, in ms
 */

/** A token is replaced this long before it ends, in ms. */
const marginMs = 60_000;

/**
 * Keeps a short-lived read token of the demo project. The page never holds a server key.
 * @returns {ReadAccess}
 */
export function createReadAccess() {
  /** @type {Promise<{ readToken: string, readTokenExpiresAt: string }> | null} */
  let asked = null;
  let renewAt = Number.POSITIVE_INFINITY;

  async function ask() {
    const response = await fetch('/demo/config.json', { cache: 'no-store' });
    if (!response.ok) throw new Error(`asking for a read token was answered ${response.status}`);
    const config = await response.json();
    // By the server's clock on both sides: this machine's may be wrong.
    const lifetimeMs = Date.parse(config.readTokenExpiresAt) - Date.parse(response.headers.get('Date') ?? '');
    renewAt = Date.now() + lifetimeMs - marginMs;
    return config;
  }

  function forget() {
    asked = null;
  }

  return {
    async token() {
      if (asked !== null && Date.now() >= renewAt) forget();
      asked ??= ask();
      try {
        return (await asked).readToken;
      } catch (cause) {
        forget();
        throw cause;
      }
    },
    forget,
    msToRenewal: () => Math.max(renewAt - Date.now(), marginMs / 2),
  };
}
