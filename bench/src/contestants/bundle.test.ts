import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundleEntryByEsbuild, bundleEntryByRollup } from './bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, code: string) => writeFileSync(join(folder, name), code);
write('shared.mjs', "export const shared = 'said by both, at length';");
const later = ['a.mjs', 'm.mjs', 'z.mjs'];
for (const name of later)
  write(name, `import { shared } from './shared.mjs'; export default 'only later, ${name}' + shared;`);
write(
  'first.mjs',
  `import { shared } from './shared.mjs'; console.log('at once', shared); ${later.map((name) => `import('./${name}');`).join(' ')}`,
);
const code = `import '${folder}/first.mjs';`;

test.each([
  ['esbuild', bundleEntryByEsbuild],
  ['rollup', bundleEntryByRollup],
])(
  '%s: what is loaded first is the entry with what it imports, not what it fetches later',
  async (_name, bundleEntry) => {
    const first = await bundleEntry(code);
    expect(first).toContain('at once');
    expect(first).toContain('said by both');
    expect(first).not.toContain('only later');
  },
);
