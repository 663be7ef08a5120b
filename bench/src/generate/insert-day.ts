import { toPick, toUniform, toUuidV7 } from './uniform.ts';

/** One day of made-up traffic. */
export interface GeneratedDay {
  /** Its first instant, epoch ms. */
  readonly startMs: number;
  readonly sessions: number;
  /** Persons that may come on this day; those that came last come most often. */
  readonly persons: number;
  /** Its records lie in the log from here on, one a request. */
  readonly firstOffset: number;
}

/** Offsets of a day: more than its requests. */
export const offsetsPerDay = 10_000_000;
/** The log that the events are said to come from. */
export const generatedLog = 'log-bench';
/** Which project has nineteen events of twenty, and which the others. */
export const mainProject = 'prj_bench';
const otherProject = 'prj_bench_other';

const pageCount = 400;
const countries = ['DE', 'US', 'FR', 'GB', 'NL', 'ES', 'IT', 'PL', 'AT', 'CH', 'BR', 'JP', 'IN', 'CA', 'SE', 'AU'];
const zones = ['Europe/Berlin', 'America/New_York', 'Europe/Paris', 'Europe/London', 'Europe/Amsterdam', 'Asia/Tokyo'];
const browsers = ['Chrome', 'Safari', 'Firefox', 'Edge', 'Samsung Internet', 'Opera'];
const systems = ['Windows', 'iOS', 'Android', 'macOS', 'Linux'];
const sections = ['teas', 'blog', 'guides', 'brands', 'gifts', 'help'];
/** Channel, source, medium, host of the referrer, UTM source, medium and campaign. */
const arrivals = [
  ['direct', '(direct)', '(none)', '', '', '', ''],
  ['organic search', 'google', 'organic', 'www.google.com', '', '', ''],
  ['paid search', 'google', 'cpc', 'www.google.com', 'google', 'cpc', 'brand'],
  ['email', 'newsletter', 'email', '', 'newsletter', 'email', 'autumn'],
  ['organic social', 'instagram', 'social', 'l.instagram.com', '', '', ''],
  ['referral', 'tea-forum.example', 'referral', 'tea-forum.example', '', '', ''],
  ['organic search', 'bing', 'organic', 'www.bing.com', '', '', ''],
  ['display', 'adnet', 'display', 'adnet.example', 'adnet', 'display', 'retarget'],
] as const;
const arrivalPicks = arrivals.map((arrival) => `('${arrival.join("','")}')`).join(',');

/** Sessions of the day: who, when, from where, how many events. */
const sessionRows = `
SELECT
    cityHash64({start_ms:Int64}, number) AS roll,
    number AS session,
    toUInt64({persons:UInt32} - 1 - floor({persons:UInt32} * pow(${toUniform('roll', '1')}, 3))) AS person,
    cityHash64('person', person) AS who,
    who % 5 = 0 AS is_user,
    toInt64({start_ms:Int64} + 43200000 * (${toUniform('roll', '2')} + ${toUniform('roll', '3')})) AS began_ms,
    2000 + toUInt32(40000 * pow(${toUniform('roll', '4')}, 2)) AS pace_ms,
    least(60, 1 + toUInt32(-4.4 * log(1.000001 - ${toUniform('roll', '5')}))) AS length,
    [${arrivalPicks}][1 + toUInt32(floor(pow(${toUniform('roll', '6')}, 1.6) * ${arrivals.length}))] AS arrival
FROM numbers({sessions:UInt32})`;

const name = `multiIf(
        place = 0, 'page_view', place = 1 AND is_user, 'identify',
        dice % 100 < 34, 'page_view', dice % 100 < 60, 'scroll', dice % 100 < 84, 'click', dice % 100 < 91, 'product_viewed',
        dice % 100 < 95, 'product_added', dice % 100 < 98, 'checkout_started', 'purchase')`;

/** Properties as the SDK sends them, and of the shop's own events. */
const properties = `multiIf(
    name = 'scroll', concat('{"depth01":', toString((dice % 100) / 100), ',"engaged_ms":', toString(dice % 60000), '}'),
    name = 'click', concat('{"selector":"main > div.grid > a.card:nth-child(', toString(dice % 24), ')","tag":"a","classes":["card"],"text":"Tea number ', toString(dice % 200), '","href":"https://shop.example', next_path, '"}'),
    name IN ('page_view', 'identify'), '{}',
    concat('{"sku":"sku-', toString(dice % 300), '","price":', toString((dice % 4000) / 100), ',"currency":"EUR","list":"', ${toPick(['seasonal', 'search', 'related'], toUniform('dice'))}, '","position":', toString(dice % 12), '}'))`;

const toPath = (page: string): string =>
  `if(${page} = 0, '/', concat('/', [${sections.map((one) => `'${one}'`).join(', ')}][1 + ${page} % ${sections.length}], '/page-', toString(${page})))`;
/** By Zipf: a page's views fall with its number. */
const toPage = (...of: string[]): string => `toUInt32(exp(${toUniform(...of)} * log(${pageCount})) - 1)`;

/** Events of the sessions, what all columns are made of. */
const eventRows = `
SELECT *, place,
    cityHash64(roll, place) AS dice,
    began_ms + place * pace_ms + dice % pace_ms AS at_ms,
    ${name} AS name,
    intDiv(place, 3) AS request,
    began_ms + (3 * request + 3) * pace_ms + roll % 300 AS received_ms,
    ${toPath(toPage('roll', 'request'))} AS path,
    ${toPath(toPage('roll', 'request + 1'))} AS next_path,
    place = 0 AS is_arrival,
    if(is_arrival AND arrival.5 != '', concat('?utm_source=', arrival.5, '&utm_medium=', arrival.6, '&utm_campaign=', arrival.7), '') AS search
FROM (${sessionRows}
)
ARRAY JOIN range(length) AS place`;

const instant = (ms: string): string => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
const ofArrival = (at: number, otherwise = ''): string => `if(is_arrival, arrival.${at}, '${otherwise}')`;
const ofView = (at: number): string => `if(name = 'page_view' AND arrival.1 != 'direct', arrival.${at}, '')`;

/** Each column of `events` that is made, as SQL; the others have their defaults, or are told of these. */
const columns: Readonly<Record<string, string>> = {
  project_id: `if(roll % 20 = 0, '${otherProject}', '${mainProject}')`,
  tenant_id: "'ten_bench'",
  day: `toDate(${instant('at_ms')}, 'UTC')`,
  event: 'name',
  event_id: `toUUID(${toUuidV7('at_ms', 'roll', 'place')})`,
  anonymous_id: toUuidV7('1779900000000 + who % 6000000000', 'who'),
  user_id: "if(is_user AND place > 0, concat('user_', toString(person)), '')",
  session_id: `toUUID(${toUuidV7('began_ms', 'roll')})`,
  timestamp: instant('at_ms'),
  received_at: instant('received_ms'),
  stored_at: instant('received_ms - received_ms % 500 + 500'),
  clock_error_ms: 'toInt64(who % 400) - 200',
  own_request_id: "':7000-9c3e-5b7d21f08a46'",
  key_prefix: "'px_pub_live_abcd'",
  schema_version: "'1.0.0'",
  host: "'shop.example'",
  path: 'path',
  search: 'search',
  title: "concat('Page ', path, ' - The small tea shop')",
  referrer: `if(is_arrival, if(arrival.4 = '', '', concat('https://', arrival.4, '/')), concat('https://shop.example', ${toPath(toPage('roll', 'request - 1'))}))`,
  referrer_host: ofArrival(4),
  channel: ofArrival(1, 'direct'),
  source: ofArrival(2, '(direct)'),
  medium: ofArrival(3, '(none)'),
  utm_source: ofArrival(5),
  utm_medium: ofArrival(6),
  utm_campaign: ofArrival(7),
  first_touch_channel: ofView(1),
  first_touch_source: ofView(2),
  first_touch_medium: ofView(3),
  last_touch_channel: ofView(1),
  last_touch_source: ofView(2),
  last_touch_medium: ofView(3),
  browser: toPick(browsers, toUniform('who', '1')),
  browser_version: "concat(toString(120 + who % 20), '.0')",
  engine: "if(browser = 'Firefox', 'Gecko', if(browser = 'Safari', 'WebKit', 'Blink'))",
  os: toPick(systems, toUniform('who', '2')),
  os_version: "concat(toString(10 + who % 8), '.', toString(who % 4))",
  device: "if(os IN ('iOS', 'Android'), 'mobile', 'desktop')",
  is_bot: 'roll % 200 = 7',
  bot_signal: "if(roll % 200 = 7, 'user_agent', '')",
  continent: "if(country IN ('US', 'CA'), 'NA', 'EU')",
  country: toPick(countries, toUniform('who', '3')),
  region: "concat(country, '-', toString(who % 12))",
  city: "concat('City ', country, toString(who % 60))",
  geo_timezone: toPick(zones, toUniform('who', '3')),
  latitude: 'toFloat32((who % 600) / 10)',
  longitude: 'toFloat32((who % 900) / 10)',
  locale: "concat(lower(country), '-', country)",
  timezone: toPick(zones, toUniform('who', '3')),
  screen_width: '[1920, 1512, 393, 412][1 + who % 4]',
  screen_height: '[1080, 982, 852, 915][1 + who % 4]',
  screen_density: '[1, 2, 3, 2.625][1 + who % 4]',
  viewport_width: '[1900, 1500, 393, 412][1 + who % 4]',
  viewport_height: '[940, 860, 740, 800][1 + who % 4]',
  library_name: "'px-web'",
  library_version: "'0.1.0'",
  properties: `CAST(${properties}, 'JSON(max_dynamic_paths = 256)')`,
  traits: `CAST(if(name = 'identify', concat('{"plan":"', ${toPick(['free', 'pro', 'team'], toUniform('who', '4'))}, '"}'), '{}'), 'JSON(max_dynamic_paths = 64)')`,
  retain_until: "toDate('2149-01-01')",
  _log: `'${generatedLog}'`,
  _offset: '{first_offset:UInt64} + session * 20 + request',
  _index: 'place % 3',
};

/**
 * Gives the INSERT of one day of events, made inside the engine: sessions of several events by persons who come back, pages by
 * Zipf, arrivals, countries and browsers far from even, one person of five identified from the second event of each session on.
 */
export function toInsertDay(day: GeneratedDay): { sql: string; params: Record<string, unknown> } {
  const values = Object.entries(columns).map(([column, sql]) => (sql === column ? sql : `${sql} AS ${column}`));
  return {
    sql: `
INSERT INTO events (${Object.keys(columns).join(', ')})
SELECT
    ${values.join(',\n    ')}
FROM (${eventRows}
)
SETTINGS max_partitions_per_insert_block = 0`,
    params: {
      start_ms: day.startMs,
      sessions: day.sessions,
      persons: day.persons,
      first_offset: day.firstOffset,
    },
  };
}
