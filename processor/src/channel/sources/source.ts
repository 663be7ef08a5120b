/** What kind of place sends visitors: a search engine, a social network, a mailbox, or an assistant that answers. */
export type SourceKind = 'search' | 'social' | 'email' | 'ai';

/** One place that sends visitors. */
export interface Source {
  readonly kind: SourceKind;
  /** What `utm_source` calls it, lower case, its own name first; a `utm_source` with a dot is read as a host. */
  readonly names: readonly [own: string, ...others: string[]];
  /**
   * Hosts, each with its subdomains; android packages too. `brand.*` is a brand under any country's
   * domain, at its front door alone (www, m, search, ...): docs.google.com is no search.
   */
  readonly hosts: readonly string[];
}

/** Reads a table: a line for each place, its names before the bar and its hosts behind it. */
export function parseSources(kind: SourceKind, table: string): readonly Source[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [names = '', hosts = ''] = line.split('|');
      const [own = '', ...others] = toWords(names);
      return { kind, names: [own, ...others], hosts: toWords(hosts) };
    });
}

function toWords(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
