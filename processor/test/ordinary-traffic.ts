/** What of an event's request tells its device. */
export interface TrafficRequest {
  readonly user_agent: string;
  readonly client_hints: Record<string, string>;
}

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const appleWebkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const activeVisitors = 500;

/**
 * Gives `count` requests as a site's visitors send them, the same ones for the same seed: 500 visitors at a time, each
 * of about eight events, so that a visitor's own come far apart. Of the visitors, 40 % browse with Chromium on a desk,
 * with hints; 22 % with Safari on a phone or Mac; 18 % with Chrome on Android, whose user agent is reduced; 12 % in the
 * web view of an app, whose user agent names device, system and the app's version to the last digit; 5 % with Firefox;
 * 2 % are robots, and 1 % send what nobody else does.
 */
export function* makeOrdinaryTraffic(count: number, seed: number): Generator<TrafficRequest> {
  const random = createRandom(seed);
  const visitors = Array.from({ length: activeVisitors }, () => makeVisitor(random));
  for (let made = 0; made < count; made += 1) {
    const at = Math.floor(random() * visitors.length);
    const visitor = visitors[at] ?? makeVisitor(random);
    yield visitor;
    if (random() < 1 / 8) visitors[at] = makeVisitor(random);
  }
}

function makeVisitor(random: () => number): TrafficRequest {
  const share = random();
  if (share < 0.4) return makeDesktop(random);
  if (share < 0.62) return { user_agent: makeSafari(random), client_hints: {} };
  if (share < 0.8) return makeAndroid(random);
  if (share < 0.92) return { user_agent: makeInApp(random), client_hints: {} };
  if (share < 0.97) return { user_agent: makeFirefox(random), client_hints: {} };
  const robot = `Mozilla/5.0 (compatible; robot${pick(random, 40)}/1.0; +https://robots.example)`;
  return { user_agent: share < 0.99 ? robot : `made-up/${random()}`, client_hints: {} };
}

function makeDesktop(random: () => number): TrafficRequest {
  const [platform, system] = chooseOf(random, [
    ['Windows', 'Windows NT 10.0; Win64; x64'],
    ['macOS', 'Macintosh; Intel Mac OS X 10_15_7'],
    ['Linux', 'X11; Linux x86_64'],
    ['Chrome OS', 'X11; CrOS x86_64 14541.0.0'],
  ]);
  const version = 131 - pick(random, 12);
  const isEdge = random() < 0.2;
  return {
    user_agent: `Mozilla/5.0 (${system}) ${webkit} Chrome/${version}.0.0.0 Safari/537.36${isEdge ? ` Edg/${version}.0.0.0` : ''}`,
    client_hints: toHints(isEdge ? 'Microsoft Edge' : 'Google Chrome', version, platform, '?0'),
  };
}

function makeSafari(random: () => number): string {
  const [major, minor] = [18 - pick(random, 5), pick(random, 7)];
  if (random() < 0.25)
    return `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${appleWebkit} Version/${major}.${minor} Safari/605.1.15`;
  const patch = random() < 0.5 ? '' : `_${1 + pick(random, 2)}`;
  return `Mozilla/5.0 (iPhone; CPU iPhone OS ${major}_${minor}${patch} like Mac OS X) ${appleWebkit} Version/${major}.${minor} Mobile/15E148 Safari/604.1`;
}

function makeAndroid(random: () => number): TrafficRequest {
  const version = 131 - pick(random, 12);
  return {
    user_agent: `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/${version}.0.0.0 Mobile Safari/537.36`,
    client_hints: toHints('Google Chrome', version, 'Android', '?1'),
  };
}

function makeInApp(random: () => number): string {
  const [model, build] = [`SM-A${100 + pick(random, 400)}B`, `UP1A.${231_000 + pick(random, 8)}`];
  const chrome = `${131 - pick(random, 6)}.0.${6_700 + pick(random, 10)}.${pick(random, 100)}`;
  return `Mozilla/5.0 (Linux; Android ${14 - pick(random, 4)}; ${model} Build/${build}; wv) ${webkit} Version/4.0 Chrome/${chrome} Mobile Safari/537.36 Instagram ${351 - pick(random, 8)}.0.0.41.106 Android`;
}

function makeFirefox(random: () => number): string {
  const version = 132 - pick(random, 10);
  const system = chooseOf(random, ['Windows NT 10.0; Win64; x64', 'X11; Linux x86_64', 'Android 14; Mobile']);
  return `Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
}

function toHints(brand: string, version: number, platform: string, mobile: string): Record<string, string> {
  return {
    'sec-ch-ua': `"${brand}";v="${version}", "Chromium";v="${version}", "Not_A Brand";v="24"`,
    'sec-ch-ua-mobile': mobile,
    'sec-ch-ua-platform': `"${platform}"`,
  };
}

/** A number below `count`, small ones far more often than large ones, as versions and models are spread. */
function pick(random: () => number, count: number): number {
  return Math.floor(count * random() ** 3);
}

function chooseOf<const T extends readonly [unknown, ...unknown[]]>(random: () => number, values: T): T[number] {
  return values[pick(random, values.length)] ?? values[0];
}

/** Mulberry32: a sequence in [0, 1) that a seed repeats. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
