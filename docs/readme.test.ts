import { existsSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { questionSchema } from '../schemas/src/query.ts';

const texts = [
  'README.md',
  'CHANGELOG.md',
  'docs/architecture.md',
  'docs/operations.md',
  'docs/api.md',
  'docs/enrichment.md',
];
const readme = read('README.md');

describe('the documents', () => {
  it.each(texts)('%s links to files that are there', (file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    const missing = links.filter((target) => !existsSync(new URL(target, new URL(`../${file}`, import.meta.url))));
    expect(missing).toEqual([]);
  });
});

describe('README.md', () => {
  it('shows a script tag that keeps calls until the SDK arrives', () => {
    const [, script = ''] = /<script>\n([\s\S]*?)<\/script>/.exec(readme) ?? [];
    const window: { PX?: { _q: unknown[] } } = {};
    const page = { window, Date };
    // In a browser, what is on the window is also a name.
    Object.defineProperty(page, 'PX', { get: () => window.PX });
    runInNewContext(script, page);
    expect(readme).toMatch(/<\/script>\n<script async crossorigin src="https:\/\/[^"]+\/sdk\/px\.js"><\/script>/);
    expect(window.PX?._q).toMatchObject([['init', [{ apiKey: expect.any(String) }], expect.any(Number)]]);
  });

  it('shows a question that parses', () => {
    const [, body = ''] = /-d '(\{"question"[^']*)'/.exec(readme) ?? [];
    expect(questionSchema.safeParse(JSON.parse(body)).error).toBeUndefined();
  });

  it('names only npm scripts that are there', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    const named = [...readme.matchAll(/npm (?:run )?(start|test|check|bench|build|format)\b/g)].map(
      ([, name = '']) => name,
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
}
