/**
 * What a keyword holds: a schema, a list or a map of schemas, a map by regular expression, definitions that count where they are
 * referred to, values to compare with, a plain setting, or a note to people.
 */
export type KeywordKind =
  | 'schema'
  | 'schemas'
  | 'map'
  | 'patterns'
  | 'definitions'
  | 'values'
  | 'setting'
  | 'pattern'
  | 'format'
  | 'reference'
  | 'note';

const byKind: Readonly<Record<KeywordKind, readonly string[]>> = {
  schema: [
    ...['not', 'if', 'then', 'else', 'items', 'contains', 'propertyNames'],
    ...['additionalProperties', 'unevaluatedItems', 'unevaluatedProperties'],
  ],
  schemas: ['allOf', 'anyOf', 'oneOf', 'prefixItems'],
  map: ['properties', 'dependentSchemas'],
  patterns: ['patternProperties'],
  definitions: ['$defs', 'definitions'],
  values: ['enum', 'const', 'required', 'dependentRequired'],
  setting: [
    ...['type', 'multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'maxLength', 'minLength'],
    ...['maxItems', 'minItems', 'uniqueItems', 'maxContains', 'minContains', 'maxProperties', 'minProperties'],
  ],
  pattern: ['pattern'],
  format: ['format'],
  reference: ['$ref'],
  note: ['title', 'description', 'default', 'examples', '$comment', 'deprecated', 'readOnly', 'writeOnly'],
};

/** The keywords of JSON Schema 2020-12 that are taken. Any other, `$id`, `$anchor` and `$dynamicRef` among them, is refused. */
export const schemaKeywords: ReadonlyMap<string, KeywordKind> = new Map(
  Object.entries(byKind).flatMap(([kind, names]) => names.map((name) => [name, kind as KeywordKind])),
);

/** The one version of JSON Schema that `$schema` may name. */
export const schemaVersion = 'https://json-schema.org/draft/2020-12/schema';

/** The formats that are checked. */
export const schemaFormats = [
  ...(['date', 'time', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uri-reference'] as const),
  ...(['uuid', 'json-pointer', 'relative-json-pointer'] as const),
];
