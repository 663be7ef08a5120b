import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Puts the tables of one group between its two marks of a document; other groups' tables and what people wrote stay.
 * Throws without marks.
 */
export function writeBenchmarks(file: string, group: string, tables: string): void {
  const text = readFileSync(file, 'utf8');
  const begin = `<!-- begin of what npm run bench -- ${group} writes -->`;
  const end = `<!-- end of what npm run bench -- ${group} writes -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`${file} lacks the marks "${begin}" and "${end}".`);
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${tables}\n${text.slice(to)}`);
}
