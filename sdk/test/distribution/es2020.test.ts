import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import ts from 'typescript';
import { expect, test } from 'vitest';

const sdk = fileURLToPath(new URL('../..', import.meta.url));
const scripts = ['dist', 'react/dist'].flatMap((folder) =>
  readdirSync(join(sdk, folder)).flatMap((name) => (/\.(m?js|cjs)$/.test(name) ? [`${folder}/${name}`] : [])),
);
/** Modules by another name than `.mjs`: what the SDK fetches by `import()`. */
const fetched = ['dist/px-gzip.js', 'dist/px-options.js'];

test.each(scripts)('%s parses as ES2020', (name) => {
  const isModule = name.endsWith('.mjs') || fetched.includes(name);
  const code = readFileSync(join(sdk, name), 'utf8');
  expect(parse(code, { ecmaVersion: 2020, sourceType: isModule ? 'module' : 'script' }).body.length).toBeGreaterThan(0);
});

test('the source calls nothing that ES2020 lacks', () => {
  const entries = ['px', 'index', 'script-tag', 'entries/gzip', 'entries/options'];
  const parts = ['vitals', 'errors', 'forms'].map((name) => `entries/${name}-tag`);
  const program = ts.createProgram(
    [...entries, ...parts].map((name) => join(sdk, `src/${name}.ts`)),
    {
      noEmit: true,
      strict: true,
      allowImportingTsExtensions: true,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2020,
      lib: ['lib.es2020.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: [],
      skipLibCheck: true,
    },
  );
  const mistakes = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(mistakes).toEqual([]);
});
