/** A visitor of the shop that the load pretends to be. */
export interface Visitor {
  readonly anonymousId: string;
  readonly sessionId: string;
  readonly userAgent: string;
  /** As a proxy in front would name it, in `X-Forwarded-For`. */
  readonly ip: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** Browsers as they are met, desktop and phone, and one crawler. */
const userAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.7204.63 Mobile Safari/537.36',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
];

const places = [
  { locale: 'de-DE', timezone: 'Europe/Berlin' },
  { locale: 'en-US', timezone: 'America/New_York' },
  { locale: 'fr-FR', timezone: 'Europe/Paris' },
  { locale: 'pt-BR', timezone: 'America/Sao_Paulo' },
  { locale: 'ja-JP', timezone: 'Asia/Tokyo' },
] as const;

const screens = [
  { width: 1920, height: 1080, density: 1 },
  { width: 1512, height: 982, density: 2 },
  { width: 393, height: 852, density: 3 },
  { width: 412, height: 915, density: 2.625 },
] as const;

/** Makes `count` visitors, spread over browsers, places and addresses; `newId` gives an id of an instant. */
export function makeVisitors(count: number, newId: (at: number) => string, at: number): Visitor[] {
  return Array.from({ length: count }, (_, index) => ({
    anonymousId: newId(at),
    sessionId: newId(at),
    userAgent: pick(userAgents, index),
    ip: `${20 + (index % 180)}.${(index * 7) % 250}.${(index * 13) % 250}.${1 + (index % 250)}`,
    context: {
      ...pick(places, index),
      screen: pick(screens, index),
      library: { name: 'px-web', version: '0.1.0' },
    },
  }));
}

/** Gives the entry at an index that goes round and round. */
export function pick<T>(list: readonly [T, ...T[]] | readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new RangeError('There is nothing to pick from.');
  return found;
}
