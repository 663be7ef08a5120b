import fc from 'fast-check';
import { type JsonSchema, resolve } from './the-document.ts';

/** Makes values that a schema of the document allows, small ones most of the time. */
export function toArbitrary(given: JsonSchema): fc.Arbitrary<unknown> {
  const schema = resolve(given);
  const { allOf, type } = schema;
  const either = schema.anyOf ?? schema.oneOf;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (either !== undefined) return fc.oneof(...either.map(toArbitrary));
  if (allOf !== undefined) return toAll(allOf.map(resolve));
  if (typeof type === 'object') return fc.oneof(...type.map((one) => toArbitrary({ ...schema, type: one })));
  switch (type) {
    case 'string':
      return toText(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000_000 });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(toArbitrary(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case 'object':
      return toObject(schema);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

/** Of two schemas for one field, a constant is the narrower, and else what the first says. */
function toAll(parts: readonly JsonSchema[]): fc.Arbitrary<object> {
  const constants = parts.flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, { const: one }]) => (one === undefined ? [] : [[name, one] as const])),
  );
  return fc.tuple(...parts.toReversed().map(toArbitrary)).map((all) => {
    const whole: object = Object.assign({}, ...all);
    for (const [name, one] of constants) if (Object.hasOwn(whole, name)) Reflect.set(whole, name, one);
    return whole;
  });
}

function toText({ format, pattern, minLength = 0, maxLength = 50 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date') return fc.constant('2026-01-02');
  if (format === 'date-time') {
    // Not so long ago that a time series of minutes is too long.
    const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-01-07'), noInvalidDate: true });
    return instant.map((at) => at.toISOString());
  }
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' });
  const text = fc.string({ minLength, maxLength: Math.min(maxLength, 50), unit: 'binary' });
  // Names as they are; and zones, paths, slugs, which few texts are.
  return fc.oneof({ weight: 3, arbitrary: text }, fc.constantFrom(...known.filter((one) => one.length >= minLength)));
}

const known = ['UTC', 'Europe/Berlin', 'acme', 'https://shop.example', 'page_view', 'page', 'a1'];

function toObject({ properties, required = [], additionalProperties }: JsonSchema): fc.Arbitrary<object> {
  const fields = Object.entries(properties ?? {}).map(([name, inner]) => [name, toArbitrary(inner)] as const);
  const model: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(fields);
  const whole = fc.record(model, { requiredKeys: [...required] });
  if (properties !== undefined) return whole;
  const values = typeof additionalProperties === 'object' ? toArbitrary(additionalProperties) : fc.jsonValue();
  return fc.dictionary(fc.string({ maxLength: 20, unit: 'binary' }), values, { maxKeys: 5 });
}

/** Makes JSON texts of a schema's values with one thing wrong in them: a field of another kind, missing, unknown or too deep. */
export function toDamaged(schema: JsonSchema): fc.Arbitrary<string> {
  const names = findNames(schema);
  // Half of it where the schema says most: in its own fields, whether they were there or not.
  const field = fc.oneof(fc.constant(null), fc.constantFrom(...(names.length === 0 ? ['x'] : names)));
  const damage = fc.record({ at: fc.nat(), how: fc.constantFrom('replace', 'replace', 'delete', 'add'), field });
  return fc.tuple(toArbitrary(schema), damage, oddValue).map(([whole, { at, how, field: named }, odd]) => {
    const copy: unknown = JSON.parse(JSON.stringify(whole ?? null));
    const places = findObjects(copy);
    const place = named === null ? places[at % Math.max(1, places.length)] : places[0];
    if (place === undefined) return odd;
    const keys = Object.keys(place);
    const key = named ?? keys[at % Math.max(1, keys.length)] ?? 'x';
    const marker = `odd-${at}`;
    if (how === 'delete') Reflect.deleteProperty(place, key);
    else Reflect.set(place, how === 'add' ? 'unknown_field' : key, marker);
    return JSON.stringify(copy).replace(JSON.stringify(marker), () => odd);
  });
}

/** Gives JSON texts of an example in which each field of the schema in turn is of each kind. */
export function toEachKind(schema: JsonSchema, example: unknown): string[] {
  return findNames(schema).flatMap((name) =>
    kinds.map((kind) =>
      JSON.stringify({ ...Object(example), [name]: '?' }).replace(`"${name}":"?"`, () => `"${name}":${kind}`),
    ),
  );
}

const kinds = ['null', 'true', '-1', '"x"', '""', '[]', '[null]', '{}', '{"a":{"b":[]}}'];

function findNames(given: JsonSchema): string[] {
  const { properties = {}, allOf = [], anyOf = [], oneOf = [] } = resolve(given);
  return [...new Set([...Object.keys(properties), ...[...allOf, ...anyOf, ...oneOf].flatMap(findNames)])];
}

function findObjects(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(findObjects)];
}

/** JSON that nobody expects where it stands; as text, since some of it no value can hold. */
const oddValue = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.constantFrom(
    'null',
    'true',
    '-1',
    '0',
    '1e400',
    '9007199254740993',
    '1.5',
    '""',
    '" "',
    '"\\u0000"',
    '"\\ud800"',
    '[]',
    '{}',
    '[[]]',
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":1}}',
    '"2026-02-30T00:00:00Z"',
    '"9999-12-31T23:59:59Z"',
    '"-271821-04-20T00:00:00Z"',
    `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
    `${'{"a":'.repeat(50)}1${'}'.repeat(50)}`,
    JSON.stringify('x'.repeat(70_000)),
    JSON.stringify(Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, n]))),
  ),
);
