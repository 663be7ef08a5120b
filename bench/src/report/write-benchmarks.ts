import { readFileSync, writeFileSync } from 'node:fs';

const begin = '<!-- begin of what npm run bench writes -->';
const end = '<!-- end of what npm run bench writes -->';

/** Puts the tables between the two marks of a document; what people wrote around them stays. Throws without marks. */
export function writeBenchmarks(file: string, tables: string): void {
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`${file} lacks the marks "${begin}" and "${end}".`);
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${tables}\n${text.slice(to)}`);
}
