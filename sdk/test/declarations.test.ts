import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';

const sdk = fileURLToPath(new URL('..', import.meta.url));
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'px-consumer-'));
  mkdirSync(join(project, 'node_modules/@px-platform'), { recursive: true });
  symlinkSync(sdk, join(project, 'node_modules/@px-platform/sdk'));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const calls = `
PX.init({ apiKey: 'k', projectId: 'p', endpoint: 'https://px.example.com', autocapture: { clicks: false }, flush: { maxEvents: 5 } });
PX.track('signup_completed', { plan: 'pro' });
PX.identify('user_123', { email: 'a@example.com' });
PX.page(); PX.reset();
PX.track('order', {}, { critical: true }); PX.group('g', {}); PX.alias('a'); PX.register({ a: 1 }); PX.unregister('a');
PX.optOut(); PX.optIn(); PX.setConsent({ analytics: true }); PX.ready((px) => px.track('a')); PX.instance('b').track('c');
PX.use(vitals()); PX.use(errors({ maxEvents: 5 })); PX.use(forms());
PX.use({ name: 'p', event: (event) => (event.event === 'x' ? null : undefined) });
const done: Promise<void> = PX.flush();
const counts: Record<string, number> = PX.counts();
void done; void counts;
`;

/** The mistakes a strict consumer on Node's module rules would see, with every declaration file checked too. */
function compile(name: string, text: string): string[] {
  const file = join(project, name);
  writeFileSync(file, text);
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: [],
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('an importing consumer compiles', () => {
  expect(
    compile(
      'consumer.mts',
      `import PX, { type InitOptions, type Px } from '@px-platform/sdk';
import { errors } from '@px-platform/sdk/errors'; import { forms } from '@px-platform/sdk/forms'; import { vitals } from '@px-platform/sdk/vitals';
const options: InitOptions = { apiKey: 'k', projectId: 'p' };
const px: Px = PX; void px; void options;${calls}`,
    ),
  ).toEqual([]);
});

test('a requiring consumer compiles', () => {
  expect(
    compile(
      'consumer.cts',
      `import PX = require('@px-platform/sdk');
import { errors } from '@px-platform/sdk/errors'; import { forms } from '@px-platform/sdk/forms'; import { vitals } from '@px-platform/sdk/vitals';
const options: PX.InitOptions = { apiKey: 'k', projectId: 'p' };
const px: PX.Px = PX; void px; void options;${calls}`,
    ),
  ).toEqual([]);
});

test('a wrong call does not compile', () => {
  const mistakes = compile(
    'wrong.mts',
    `import PX from '@px-platform/sdk';
PX.init({ apiKey: 'k' });
PX.track(3);`,
  );
  expect(mistakes).toHaveLength(2);
});

test('both builds give the same calls at run time, and import nothing', async () => {
  const require = createRequire(join(project, 'index.js'));
  const required: object = require('@px-platform/sdk');
  const imported: { default: object } = await import(join(sdk, 'dist/px.mjs'));
  const names =
    'alias counts flush group identify init instance optIn optOut page ready register reset setConsent track unregister use'.split(
      ' ',
    );
  expect(Object.keys(required).sort()).toEqual(names);
  expect(Object.keys(imported.default).sort()).toEqual(names);
  for (const file of ['px.mjs', 'px.cjs', 'px.d.ts', 'px.d.cts']) {
    expect(readFileSync(join(sdk, 'dist', file), 'utf8')).not.toMatch(/^import |\brequire\((?!"\.\/px-)/m);
  }
});
