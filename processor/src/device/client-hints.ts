/** What a browser says of itself by client hints; '' and null where it says nothing. */
export interface ClientHints {
  /** Brand and version, without the made-up ones; full versions where they were sent. */
  readonly brands: readonly { readonly name: string; readonly version: string }[];
  readonly platform: string;
  readonly platformVersion: string;
  readonly isMobile: boolean | null;
  readonly model: string;
}

type Hints = Readonly<Record<string, string>>;

const maxListLength = 512;
const maxTextLength = 64;

/**
 * Reads client hints; never throws. `headers` are `sec-ch-ua*` by lower-case name; `context` is what the
 * SDK sends, under the header's name or its snake_case end (`brands`, `full_version_list`, `platform`,
 * `platform_version`, `mobile`, `model`), and goes before the header. Values are structured-field items
 * (`"Windows"`, `?1`) or plain text. Null where no hint was sent. Source: https://wicg.github.io/ua-client-hints/
 */
export function readClientHints(headers: Hints, context: Hints | undefined): ClientHints | null {
  if (context === undefined && isEmpty(headers)) return null;
  const read = (name: string, header: string): string => context?.[name] ?? context?.[header] ?? headers[header] ?? '';

  const mobile = read('mobile', 'sec-ch-ua-mobile');
  return {
    brands: parseBrands(read('full_version_list', 'sec-ch-ua-full-version-list') || read('brands', 'sec-ch-ua')),
    platform: toText(read('platform', 'sec-ch-ua-platform')),
    platformVersion: toText(read('platform_version', 'sec-ch-ua-platform-version')),
    isMobile: mobile === '' ? null : mobile === '?1' || mobile === 'true' || mobile === '1',
    model: toText(read('model', 'sec-ch-ua-model')),
  };
}

function isEmpty(hints: Hints): boolean {
  for (const _ in hints) return false;
  return true;
}

function parseBrands(list: string): ClientHints['brands'] {
  const brands: { name: string; version: string }[] = [];
  for (const match of list.slice(0, maxListLength).matchAll(/"([^"]*)"\s*;\s*v="([^"]*)"/g)) {
    const [, name = '', version = ''] = match;
    if (!isMadeUp(name)) brands.push({ name, version });
  }
  return brands;
}

/** Browsers add a brand like `Not)A;Brand`, so that servers don't rely on the list (GREASE). */
function isMadeUp(brand: string): boolean {
  return brand.replace(/[^a-z]/gi, '').toLowerCase() === 'notabrand';
}

function toText(item: string): string {
  return item.slice(0, maxTextLength).replace(/^"|"$/g, '').trim().toWellFormed();
}
