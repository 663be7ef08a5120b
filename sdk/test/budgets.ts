/** Bytes by `gzip -9` of what a page loads, each with the reason of its height. A rise wants a new reason here. */
export const budgets: readonly { readonly file: string; readonly maxBytes: number; readonly why: string }[] = [
  {
    file: 'px.js',
    maxBytes: 8_630,
    why: 'What every page waits for. The goal is 5,000 (docs/adr/0009): this is what stands. Its start in tasks of its own cost 90 bytes (for 18 ms of one task), less work an event 40 (for a third of it), the sign of a driven browser 27 (robots are told by it alone).',
  },
  { file: 'px.mjs', maxBytes: 8_570, why: 'The same for those who bundle: the entries must not drift apart.' },
  { file: 'px-gzip.js', maxBytes: 3_400, why: 'fflate, once the page is idle: its gzipSync alone is 3.3 KB.' },
  { file: 'px-options.js', maxBytes: 1_300, why: 'Consent managers, Meta cookies, link decoration: for who asks.' },
  {
    file: 'px-vitals.js',
    maxBytes: 2_300,
    why: 'LCP, INP and CLS of web-vitals 4; version 6 adds 1 KB for soft navigations.',
  },
  { file: 'px-errors.js', maxBytes: 1_200, why: 'Two listeners and a filter; more would be an error tracker.' },
  { file: 'px-forms.js', maxBytes: 1_200, why: 'Names and times, never values: no room for a serializer.' },
];

/** The snippet stands in each page's HTML and is never cached. */
export const maxStubBytes = 300;

/** The import of `init` and `track` as esbuild prints it anew: its own names cost gzip some 5 % over terser's. */
export const maxBundledBytes = 8_900;
