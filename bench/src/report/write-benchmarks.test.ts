import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeBenchmarks } from './write-benchmarks.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const marked = (group: string, tables: string) =>
  `<!-- begin of what npm run bench -- ${group} writes -->${tables}<!-- end of what npm run bench -- ${group} writes -->`;

test('puts the tables of one group into its place, and keeps all else', () => {
  const file = join(folder, 'benchmarks.md');
  writeFileSync(file, `Words.\n${marked('server', '\nold server\n')}\nMore.\n${marked('sdk', '\nold sdk\n')}\nEnd.\n`);
  writeBenchmarks(file, 'sdk', 'new sdk\n');
  expect(readFileSync(file, 'utf8')).toBe(
    `Words.\n${marked('server', '\nold server\n')}\nMore.\n${marked('sdk', '\n\nnew sdk\n\n')}\nEnd.\n`,
  );
  expect(() => writeBenchmarks(file, 'third', '')).toThrow('lacks the marks');
});

test('the document of this house has a place for each group', () => {
  const text = readFileSync(new URL('../../../docs/benchmarks.md', import.meta.url), 'utf8');
  for (const group of ['server', 'pipeline', 'query', 'kafka', 'sdk']) {
    expect(text.split(`npm run bench -- ${group} writes -->`)).toHaveLength(3);
  }
});
