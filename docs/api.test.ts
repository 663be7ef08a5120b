import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { problemStatus, rejectionCodes } from '../schemas/src/problem.ts';
import { questionSchema } from '../schemas/src/query.ts';

const root = new URL('../', import.meta.url);
const text = readFileSync(new URL('api.md', import.meta.url), 'utf8');

describe('docs/api.md', () => {
  it.each(Object.entries(problemStatus))('lists %s under its status %i', (code, status) => {
    const line = text.split('\n').find((row) => row.includes(`\`${code}\``) && row.startsWith('| '));
    expect(line?.split('|')[1]).toContain(String(status));
  });

  it.each(rejectionCodes)('lists the rejection %s', (code) => {
    expect(text).toContain(`\`${code}\``);
  });

  it('lists routes that the server mounts', () => {
    const [, table = ''] = /## Routes\n([\s\S]*?)\n## /.exec(text) ?? [];
    const paths = [...table.matchAll(/`(?:GET |POST )?(\/[a-z0-9/.-]+)[^`]*`/g)].map(([, path = '']) => path);
    const files = globSync('server/src/**/*.ts', { cwd: fileURLToPath(root) });
    const source = files.map((file) => readFileSync(new URL(file, root), 'utf8')).join('');
    expect(paths.length).toBeGreaterThan(8);
    expect(paths.filter((path) => !source.includes(`'${path.replace(/\/$/, '')}'`))).toEqual([]);
  });

  it('shows a question that parses', () => {
    const [, body = ''] = /-d '(\{"question"[^']*)'/.exec(text) ?? [];
    expect(questionSchema.safeParse(JSON.parse(body)).error).toBeUndefined();
  });

  it('lists each question', () => {
    const missing = questionSchema.options.map((option) => option.shape.question.value);
    expect(missing.filter((question) => !text.includes(`| \`${question}\` |`))).toEqual([]);
  });
});
