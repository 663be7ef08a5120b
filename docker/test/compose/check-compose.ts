import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';

const require = createRequire(import.meta.url);

/** The Compose specification's JSON Schema. Source: compose-spec/compose-spec (Apache-2.0), as the npm package dclint carries it. */
const schemaFile = join(dirname(require.resolve('dclint/package.json')), 'schemas/compose.schema.json');
const { $schema: _, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: false, allowUnionTypes: true });
const validate = ajv.compile(schema);

/** Gives what the Compose specification's schema says against a file: nothing where it is right. */
export function checkCompose(file: unknown): string[] {
  if (validate(file)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
}
