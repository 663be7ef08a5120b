import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { originalPositionFor, sourceContentFor, TraceMap } from '@jridgewell/trace-mapping';
import { tokenizer } from 'acorn';
import { expect, test } from 'vitest';

const sdk = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(sdk, 'dist');
const scripts = readdirSync(dist).filter((name) => /\.(m?js|cjs)$/.test(name));

interface Text {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** Texts long enough to be found again where they come from. */
function readTexts(code: string): Text[] {
  return [...tokenizer(code, { ecmaVersion: 2020, sourceType: 'module', locations: true })].flatMap((token) => {
    const text = code.slice(token.start, token.end).replace(/^["'`]|["'`]$/g, '');
    const isText = /^(string|template)$/.test(token.type.label) && /^[\w-]{6,}$/.test(text);
    return isText && token.loc ? [{ text, ...token.loc.start }] : [];
  });
}

test.each(scripts)('%s: its map leads each text to the line of the source that holds it', (name) => {
  const code = readFileSync(join(dist, name), 'utf8');
  expect(code).toMatch(new RegExp(`//# sourceMappingURL=${name}\\.map\\n$`));
  const map = new TraceMap(readFileSync(join(dist, `${name}.map`), 'utf8'));
  const foreign = map.sources.filter(
    (source) => !/^\.\.\/(src|node_modules|\.\.\/(node_modules|schemas))\//.test(source ?? ''),
  );
  expect(foreign).toEqual([]);
  const texts = readTexts(code);
  const found = texts.filter(({ text, line, column }) => {
    const from = originalPositionFor(map, { line, column });
    return from.source !== null && sourceContentFor(map, from.source)?.split('\n')[from.line - 1]?.includes(text);
  });
  // The minifier folds some texts into others; more than a few astray is a map of another build.
  expect(found.length).toBeGreaterThanOrEqual(texts.length * 0.8);
});

test('there are texts to look for', () => {
  expect(readTexts(readFileSync(join(dist, 'px.js'), 'utf8')).length).toBeGreaterThan(20);
});
