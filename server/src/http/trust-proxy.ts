import type { Express } from 'express';

/** Proxies are few; this bounds what a client that sends straight to the server can make us keep. */
const maxKept = 1_000;

/**
 * Sets whose `X-Forwarded-For` is believed, so that `req.ip` is the visitor's: a number of proxies, `true`, `false`,
 * or express's list of addresses and names such as `loopback`. Throws where the list holds what is no address.
 */
export function trustProxy(app: Express, setting: string): void {
  app.set('trust proxy', toSetting(setting));
  if (typeof app.get('trust proxy') === 'string') app.set('trust proxy', keepAnswers(app.get('trust proxy fn')));
}

function toSetting(setting: string): number | boolean | string {
  if (setting === 'true') return true;
  if (setting === 'false') return false;
  return /^\d+$/.test(setting) ? Number(setting) : setting;
}

/** A list's answer depends on the address alone; express would parse it and compare it for each request. */
function keepAnswers(isTrusted: (address: string, hop: number) => boolean): (address: string, hop: number) => boolean {
  const kept = new Map<string, boolean>();
  return (address, hop) => {
    const known = kept.get(address);
    if (known !== undefined) return known;
    const answer = isTrusted(address, hop);
    if (kept.size >= maxKept) kept.clear();
    kept.set(address, answer);
    return answer;
  };
}
