/** What a browser says of itself by client hints; '' and null where it says nothing. */
export interface ClientHints {
  /** Brands as sent, the made-up one (GREASE) among them; full versions where they were sent. */
  readonly brands: readonly { readonly name: string; readonly version: string }[];
  readonly platform: string;
  readonly platformVersion: string;
  readonly isMobile: boolean | null;
  readonly model: string;
  /** `navigator.webdriver`: whether a program drives the browser. No header says it, the page may. */
  readonly isDriven: boolean;
}

type Hints = Readonly<Record<string, string>>;

const maxListLength = 512;
const maxTextLength = 64;

/** The hints that are read: the SDK's name, then the header's. */
const hintNames = [
  ['full_version_list', 'sec-ch-ua-full-version-list'],
  ['brands', 'sec-ch-ua'],
  ['platform', 'sec-ch-ua-platform'],
  ['platform_version', 'sec-ch-ua-platform-version'],
  ['mobile', 'sec-ch-ua-mobile'],
  ['model', 'sec-ch-ua-model'],
  ['webdriver', ''],
] as const;

/**
 * Picks the values of the hints that are read, in one order, cut to 512 characters; null where none was
 * sent. `headers` are `sec-ch-ua*` by lower-case name; `context` is what the SDK sends, under the header's
 * name or its snake_case end (`platform_version`), and goes before the header. Never throws.
 */
export function pickClientHints(headers: Hints, context: Hints | undefined): readonly string[] | null {
  if (context === undefined && isEmpty(headers)) return null;
  return hintNames.map(([name, header]) => {
    const value = context?.[name] ?? context?.[header] ?? headers[header] ?? '';
    return value.length > maxListLength ? value.slice(0, maxListLength) : value;
  });
}

/**
 * Parses what `pickClientHints` gave: structured-field items (`"Windows"`, `?1`) or plain text. Never
 * throws. Source: https://wicg.github.io/ua-client-hints/
 */
export function parseClientHints(values: readonly string[]): ClientHints {
  const [fullVersions = '', brands = '', platform = '', platformVersion = '', mobile = '', model = '', driven = ''] =
    values;
  return {
    brands: parseBrands(fullVersions || brands),
    platform: toText(platform),
    platformVersion: toText(platformVersion),
    isMobile: mobile === '' ? null : isTrue(mobile),
    model: toText(model),
    isDriven: isTrue(driven),
  };
}

function isTrue(item: string): boolean {
  return item === '?1' || item === 'true' || item === '1';
}

function isEmpty(hints: Hints): boolean {
  for (const _ in hints) return false;
  return true;
}

function parseBrands(list: string): ClientHints['brands'] {
  const brands: { name: string; version: string }[] = [];
  for (const match of list.matchAll(/"([^"]*)"\s*;\s*v="([^"]*)"/g)) {
    const [, name = '', version = ''] = match;
    brands.push({ name, version });
  }
  return brands;
}

function toText(item: string): string {
  return item.slice(0, maxTextLength).replace(/^"|"$/g, '').trim().toWellFormed();
}
