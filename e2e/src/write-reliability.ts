import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const page = new URL('../../docs/reliability.md', import.meta.url);
const border = '\n<!-- Below: npm run chaos. Above: npm run soak. -->\n\n';

/** Puts a report into its part of `docs/reliability.md`, and leaves the other one as it is. */
export function writeReliability(part: 'soak' | 'chaos', report: string): void {
  const [soak = '', chaos = ''] = existsSync(page) ? readFileSync(page, 'utf8').split(border) : [];
  const parts = part === 'soak' ? [report, chaos] : [soak, report];
  writeFileSync(page, parts.map((text) => `${text.trimEnd()}\n`).join(border));
}
