import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** One numbered migration of ClickHouse: its statements in order, and the SHA-256 of its text. */
export interface Migration {
  number: number;
  name: string;
  statements: string[];
  checksum: string;
}

const ddl = new URL('../ddl/', import.meta.url);

/** Reads the numbered DDL of a folder in ascending order. Throws where a number is missing or doubled. */
export function readMigrations(folder: URL = ddl): Migration[] {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, position) => {
    const number = Number.parseInt(file, 10);
    if (number !== position + 1)
      throw new Error(`${folder.pathname}${file}: expected number ${position + 1}, found ${number}`);
    const text = readFileSync(new URL(file, folder), 'utf8');
    return { number, name: file.slice(0, -4), statements: toStatements(text), checksum: sha256(text) };
  });
}

/** Statements end with a semicolon at a line's end; lines that begin with `--` are comments. */
function toStatements(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n')
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
