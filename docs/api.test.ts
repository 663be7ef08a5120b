import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problemStatus, rejectionCodes } from '../schemas/src/problem.ts';
import { questionSchema } from '../schemas/src/query.ts';

const text = readFileSync(new URL('api.md', import.meta.url), 'utf8');

describe('docs/api.md', () => {
  it.each(Object.entries(problemStatus))('lists %s under its status %i', (code, status) => {
    const line = text.split('\n').find((row) => row.includes(`\`${code}\``) && row.startsWith('| '));
    expect(line?.split('|')[1]).toContain(String(status));
  });

  it.each(rejectionCodes)('lists the rejection %s', (code) => {
    expect(text).toContain(`\`${code}\``);
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
