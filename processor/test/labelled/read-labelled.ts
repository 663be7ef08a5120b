import { readFileSync } from 'node:fs';

/** Reads one file of labelled cases: tab-separated, the first line names the fields; a cell left empty is ''. */
export function readLabelled(name: string): Readonly<Record<string, string>>[] {
  const text = readFileSync(new URL(`${name}.tsv`, import.meta.url), 'utf8');
  const [head = '', ...lines] = text.replace(/\n$/, '').split('\n');
  const fields = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    if (cells.length !== fields.length) throw new Error(`${name}.tsv: ${fields.length} cells expected: ${line}`);
    return Object.fromEntries(fields.map((field, at) => [field, cells[at] ?? '']));
  });
}
