import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const root = new URL('../../', import.meta.url);

/** Gives a file of the repository as text; `path` is relative to its root. */
export function readText(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** Gives the documents of a YAML text, its `<<` merged. Throws where it is no YAML, or names a key twice. */
export function parseYaml(text: string): unknown[] {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    const [mistake] = document.errors;
    if (mistake !== undefined) throw mistake;
    return document.toJS();
  });
}
