import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly comment: string;
}

/** What this test needs of a zod object. */
interface ConfigSchema {
  readonly shape: Readonly<Record<string, unknown>>;
  parse(input: unknown): unknown;
}

/** Settings of scripts and tests, which have no config.ts. */
const withoutSchema = ['PX_URL', 'PX_CHROMIUM'];

const settings = readExample();
const schemas = await loadSchemas();

describe('.env.example', () => {
  it('is compared to the settings of every config.ts', () => {
    expect(schemas.map(({ file }) => file)).toContain('server/src/config.ts');
  });

  it('has one line for each setting and none for what is not one', () => {
    const known = new Set([...schemas.flatMap(({ names }) => names), ...withoutSchema]);
    expect(settings.map(({ name }) => name).sort()).toEqual([...known].sort());
  });

  it('says in a comment what each setting is', () => {
    expect(settings.filter(({ comment }) => comment.length < 10)).toEqual([]);
  });

  it.each(schemas)('gives each setting of $file its default', ({ schema, names }) => {
    const given = settings.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]);
    expect(names.length).toBeGreaterThan(0);
    expect(schema.parse(Object.fromEntries(given))).toEqual(schema.parse({}));
  });
});

/** Reads `NAME=value` lines, each with the comment above it; an empty value is one that has no default. */
function readExample(): Setting[] {
  const lines = readFileSync(new URL('.env.example', root), 'utf8').split('\n');
  return lines.flatMap((line, at) => {
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const comment = lines[at - 1] ?? '';
    return [{ name, value, comment: comment.startsWith('# ') ? comment.slice(2) : '' }];
  });
}

/** Finds each package's `src/config.ts` and the `...ConfigSchema` in it. */
async function loadSchemas(): Promise<{ file: string; schema: ConfigSchema; names: string[] }[]> {
  const files = globSync(['*/src/config.ts', 'infra/*/src/config.ts'], { cwd: fileURLToPath(root) }).sort();
  const found = [];
  for (const file of files) {
    const module: Record<string, unknown> = await import(fileURLToPath(new URL(file, root)));
    for (const [name, schema] of Object.entries(module)) {
      if (!name.endsWith('ConfigSchema')) continue;
      if (!isConfigSchema(schema)) throw new Error(`${file}: ${name} is not a z.object`);
      found.push({ file, schema, names: Object.keys(schema.shape) });
    }
  }
  return found;
}

function isConfigSchema(value: unknown): value is ConfigSchema {
  return typeof value === 'object' && value !== null && 'shape' in value && 'parse' in value;
}
