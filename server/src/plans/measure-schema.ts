import { type Bag, isBag } from '../ingest/clean-bag.ts';
import { compilePattern } from './linear-pattern.ts';
import { schemaFormats, schemaKeywords, schemaVersion } from './schema-keywords.ts';

/** What is wrong with a schema, and where: a JSON pointer into it. */
export interface SchemaMistake {
  readonly kind: 'mistake';
  readonly path: string;
  readonly message: string;
}

/** How much a check may have to do for one value: keywords and values to compare with, each reference followed. */
export interface SchemaMeasure {
  readonly kind: 'measure';
  readonly parts: number;
}

const maxParts = 20_000;
/** Schemas and keywords as written: what ajv makes of them is compiled at the first event, and held on one stack. */
const maxWritten = 1_000;
const maxDepth = 32;
const tooDeep = `is nested deeper than ${maxDepth} levels`;
/** Of all patterns of a schema, so that compiling them ends soon. */
const maxInstructions = 10_000;

interface Size {
  readonly parts: number;
  readonly depth: number;
}

interface Walk {
  readonly root: Bag;
  /** By where `$ref` leads; 'open' while it is being measured, so that one that leads back to itself is seen. */
  readonly targets: Map<string, Size | 'open'>;
  written: number;
  instructions: number;
  mistake: SchemaMistake | null;
}

interface Place {
  readonly path: string;
  readonly level: number;
}

const nothing: Size = { parts: 0, depth: 0 };

/**
 * Walks a JSON Schema once and counts what a check of it would visit, each `$ref` followed: doubling references cost their sum here,
 * and their product in `parts`. Refuses what makes a check unbounded or unclear: over 20,000 parts, 1,000 keywords as written, 32 levels, a
 * reference that leads out, to nothing or back to itself, a keyword or format that is not known, a pattern that RE2 does
 * not take. Never throws, and never goes deeper than 32 levels.
 */
export function measureSchema(schema: unknown): SchemaMeasure | SchemaMistake {
  if (!isBag(schema)) return { kind: 'mistake', path: '', message: 'is no JSON Schema: an object' };
  const { $schema: version, $id: _, ...root } = schema;
  if (version !== undefined && version !== schemaVersion && version !== `${schemaVersion}#`) {
    return { kind: 'mistake', path: '/$schema', message: `is not ${schemaVersion}` };
  }
  const walk: Walk = { root, targets: new Map(), written: 0, instructions: 0, mistake: null };
  const { parts } = measurePart(walk, root, '', 1);
  return walk.mistake ?? { kind: 'measure', parts };
}

function measurePart(walk: Walk, part: unknown, path: string, level: number): Size {
  if (walk.mistake !== null) return nothing;
  walk.written += 1;
  if (typeof part === 'boolean') return nothing;
  if (level > maxDepth) return refuse(walk, path, tooDeep);
  if (!isBag(part)) return refuse(walk, path, 'is no schema: an object, true or false');
  walk.written += Object.keys(part).length;
  if (walk.written > maxWritten) return refuse(walk, path, `is more than the ${maxWritten} schemas and keywords taken`);
  let parts = 1;
  let depth = 0;
  for (const [keyword, value] of Object.entries(part)) {
    const size = measureKeyword(walk, keyword, value, { path: `${path}/${toStep(keyword)}`, level });
    parts += 1 + size.parts;
    depth = Math.max(depth, size.depth);
    if (parts > maxParts) return refuse(walk, path, `has more than ${maxParts} parts, each reference followed`);
    if (walk.mistake !== null) return nothing;
  }
  return { parts, depth: depth + 1 };
}

function measureKeyword(walk: Walk, keyword: string, value: unknown, { path, level }: Place): Size {
  const below = (one: unknown, step: string) => measurePart(walk, one, `${path}/${step}`, level + 1);
  switch (schemaKeywords.get(keyword)) {
    case undefined:
      return refuse(walk, path, 'is no keyword that is taken here');
    case 'schema':
      return measurePart(walk, value, path, level + 1);
    case 'schemas':
      if (!Array.isArray(value)) return refuse(walk, path, 'is no list of schemas');
      return sum(value.map((one, index) => below(one, String(index))));
    case 'map':
      if (!isBag(value)) return refuse(walk, path, 'is no object');
      return sum(Object.entries(value).map(([name, one]) => below(one, toStep(name))));
    case 'patterns':
      if (!isBag(value)) return refuse(walk, path, 'is no object');
      for (const pattern of Object.keys(value)) measurePattern(walk, pattern, `${path}/${toStep(pattern)}`);
      return sum(Object.entries(value).map(([pattern, one]) => below(one, toStep(pattern))));
    case 'definitions':
      if (!isBag(value)) return refuse(walk, path, 'is no object');
      // Looked at though nothing may lead there; counted where something does.
      for (const name of Object.keys(value)) measureTarget(walk, `${path}/${toStep(name)}`, { path, level });
      return nothing;
    case 'pattern':
      return measurePattern(walk, value, path);
    case 'format':
      if (schemaFormats.some((format) => format === value)) return nothing;
      return refuse(walk, path, `is none of the formats ${schemaFormats.join(', ')}`);
    case 'reference':
      return follow(walk, value, path, level);
    case 'values':
      return { parts: countValues(walk, value, path, level), depth: 0 };
    case 'note':
    case 'setting':
      countValues(walk, value, path, level);
      return nothing;
  }
}

function measurePattern(walk: Walk, pattern: unknown, path: string): Size {
  if (typeof pattern !== 'string') return refuse(walk, path, 'is no text');
  if (walk.mistake !== null) return nothing;
  const compiled = compilePattern(pattern);
  if (compiled.kind === 'mistake') return refuse(walk, path, compiled.message);
  walk.instructions += compiled.instructions;
  if (walk.instructions > maxInstructions)
    return refuse(walk, path, 'is one pattern too many: together they are too large');
  return nothing;
}

function follow(walk: Walk, reference: unknown, path: string, level: number): Size {
  if (typeof reference !== 'string') return refuse(walk, path, 'is no text');
  if (!reference.startsWith('#')) return refuse(walk, path, 'leads out of the schema: say here what it means');
  return measureTarget(walk, decodePointer(reference.slice(1)), { path, level });
}

function measureTarget(walk: Walk, pointer: string, { path, level }: Place): Size {
  if (walk.mistake !== null) return nothing;
  const known = walk.targets.get(pointer);
  if (known === 'open') return refuse(walk, path, 'leads back to itself');
  if (known !== undefined && level + known.depth > maxDepth) return refuse(walk, path, tooDeep);
  if (known !== undefined) return known;
  const target = find(walk.root, pointer);
  if (target === undefined) return refuse(walk, path, 'leads to nothing: it is a JSON pointer, such as #/$defs/price');
  walk.targets.set(pointer, 'open');
  const size = measurePart(walk, target, pointer, level + 1);
  walk.targets.set(pointer, size);
  return size;
}

/** Each value in a value, itself included. */
function countValues(walk: Walk, value: unknown, path: string, level: number): number {
  if (level > maxDepth) return refuse(walk, path, tooDeep).parts;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((count, one) => count + countValues(walk, one, path, level + 1), 1);
}

function find(root: Bag, pointer: string): unknown {
  if (pointer !== '' && !pointer.startsWith('/')) return undefined;
  let part: unknown = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
    part = Reflect.get(part, key);
  }
  return part;
}

/** RFC 6901. */
function toStep(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A pointer in a URI's fragment -> as it is. */
function decodePointer(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function sum(sizes: readonly Size[]): Size {
  let parts = 0;
  let depth = 0;
  for (const size of sizes) {
    parts += size.parts;
    depth = Math.max(depth, size.depth);
  }
  return { parts, depth };
}

function refuse(walk: Walk, path: string, message: string): Size {
  walk.mistake ??= { kind: 'mistake', path, message };
  return nothing;
}
