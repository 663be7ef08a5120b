import { Ajv2020 } from 'ajv/dist/2020.js';
import { compileSchema, maxSchemaBytes } from './compile-schema.ts';
import { measureSchema, type SchemaMistake } from './measure-schema.ts';

/** Knows JSON Schema's own schema; made at the first use, since that takes a while. */
let meta: Ajv2020 | null = null;

/**
 * Says what is wrong with a schema that someone wants to register, or null: it is larger than 64 KiB as JSON, its checks would have no
 * bound, or it is no valid JSON Schema of draft 2020-12. Never throws.
 */
export function checkSchema(schema: unknown): SchemaMistake | null {
  const measured = measureSchema(schema);
  if (measured.kind === 'mistake') return measured;
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > maxSchemaBytes) {
    return {
      kind: 'mistake',
      path: '',
      message: `is ${bytes} bytes as JSON; at most ${maxSchemaBytes} bytes are taken`,
    };
  }
  meta ??= new Ajv2020({ strict: true, validateFormats: false, logger: false });
  if (meta.validateSchema(Object(schema)) !== true) {
    const [first] = meta.errors ?? [];
    return { kind: 'mistake', path: first?.instancePath ?? '', message: first?.message ?? 'is no JSON Schema' };
  }
  const compiled = compileSchema(schema);
  return compiled.kind === 'mistake' ? compiled : null;
}
