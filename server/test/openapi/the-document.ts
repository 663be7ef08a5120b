import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A JSON Schema, as far as the tests look into one. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

interface Listed {
  readonly $ref?: string;
  readonly description: string;
  readonly headers?: Readonly<
    Record<string, { readonly $ref?: string; readonly required?: boolean; readonly schema: JsonSchema }>
  >;
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

/** A parameter of the document, its reference resolved. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

/** One operation of the document. */
export interface ListedOperation {
  /** `POST /api/v1/events`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly access: 'anyone' | 'writer' | 'reader' | 'admin';
  readonly parameters: readonly Parameter[];
  readonly body: { readonly schema: JsonSchema; readonly types: readonly string[]; readonly example: unknown } | null;
  /** Each answer that is listed: `202`, or with a problem's code `400 invalid_json`. */
  readonly cases: readonly string[];
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const document = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'));

/** Resolves a reference into the document, where it is one. */
export function resolve<T extends object>(value: T): T {
  const ref: unknown = Reflect.get(value, '$ref');
  if (typeof ref !== 'string') return value;
  return ref
    .slice(2)
    .split('/')
    .reduce((inner, key) => Reflect.get(inner, key.replaceAll('~1', '/')), document);
}

/** Gives every operation of the committed document. */
export function readOperations(): ListedOperation[] {
  return Object.entries<Record<string, RawOperation>>(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, raw]) => toOperation(path, method.toUpperCase(), raw)),
  );
}

interface RawOperation {
  readonly security: readonly Record<string, unknown>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Record<string, { readonly schema: JsonSchema; readonly example?: unknown }>;
  };
  readonly responses: Readonly<Record<string, Listed>>;
}

function toOperation(path: string, method: string, raw: RawOperation): ListedOperation {
  const schemes = raw.security.flatMap((one) => Object.keys(one));
  const [content] = Object.values(raw.requestBody?.content ?? {});
  return {
    name: `${method} ${path}`,
    method,
    path,
    access: toAccess(schemes),
    parameters: (raw.parameters ?? []).map(resolve),
    body:
      content === undefined
        ? null
        : {
            schema: content.schema,
            types: Object.keys(raw.requestBody?.content ?? {}),
            example: content.example ?? {},
          },
    cases: Object.entries(raw.responses).flatMap(([status, listed]) => toCases(status, resolve(listed))),
  };
}

function toAccess(schemes: readonly string[]): ListedOperation['access'] {
  if (schemes.includes('readToken')) return 'reader';
  if (schemes.includes('bearer')) return 'writer';
  return schemes.includes('adminToken') ? 'admin' : 'anyone';
}

function toCases(status: string, { content }: Listed): string[] {
  const schemas = Object.values(content ?? {}).flatMap(({ schema }) => schema.anyOf ?? [schema]);
  const codes = schemas.flatMap(readCodes);
  const isOther = schemas.length === 0 || schemas.some((schema) => readCodes(schema).length === 0);
  return [...(isOther ? [status] : []), ...codes.map((code) => `${status} ${code}`)];
}

/** The codes of a schema that is a problem of some of them. */
function readCodes(schema: JsonSchema): string[] {
  const code = schema.allOf?.at(1)?.properties?.['error']?.properties?.['code'];
  return schema.allOf?.[0]?.$ref === '#/components/schemas/Problem' ? (code?.enum ?? []).map(String) : [];
}

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema(Object(close(document)), 'openapi.json');
const compiled = new Map<string, ValidateFunction>();

/** Says how a value differs from the schema at this place of the document (a JSON pointer); '' where it fits. */
export function findMisfit(pointer: string, value: unknown): string {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi.json#${pointer}` });
  compiled.set(pointer, validate);
  return validate(value) ? '' : ajv.errorsText(validate.errors);
}

/**
 * Compares an answer with what the document lists. Gives its case, as `400 invalid_json`, and what does not fit: a status,
 * a header, a media type, a body, a field that no schema names.
 */
export function checkAnswer(
  operation: ListedOperation,
  answer: Answer,
): { readonly case: string; readonly misfits: string[] } {
  const status = String(answer.status);
  const raw: RawOperation = document.paths[operation.path][operation.method.toLowerCase()];
  const reference = raw.responses[status];
  if (reference === undefined)
    return { case: status, misfits: [`${status} is not listed: ${answer.text.slice(0, 300)}`] };
  const listed = resolve(reference);
  const misfits = findHeaderMisfits(listed, answer.headers);
  const [type] = (answer.headers.get('content-type') ?? '').split(';');
  if (listed.content === undefined) {
    return { case: status, misfits: answer.text === '' ? misfits : [...misfits, 'a body where none is listed'] };
  }
  const kinds = Object.keys(listed.content);
  if (type !== 'application/json') {
    // One path gives files of several types.
    const isListed = type !== undefined && (kinds.includes(type) || operation.path.endsWith('/{file}'));
    return { case: status, misfits: isListed ? misfits : [...misfits, `${type} is not listed`] };
  }
  const body = JSON.parse(answer.text);
  const place =
    reference.$ref?.slice(1) ??
    ['', 'paths', operation.path, operation.method.toLowerCase(), 'responses', status].map(toToken).join('/');
  const misfit = kinds.includes(type) ? findMisfit(`${place}/content/application~1json/schema`, body) : '';
  const code = typeof body?.error?.code === 'string' ? ` ${body.error.code}` : '';
  if (code !== '' && body.error.request_id !== answer.headers.get('x-request-id')) misfits.push('another request_id');
  return {
    case: status + code,
    misfits: misfit === '' ? misfits : [...misfits, `${misfit}: ${answer.text.slice(0, 300)}`],
  };
}

const toToken = (key: string) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

function findHeaderMisfits({ headers = {} }: Listed, sent: Headers): string[] {
  return Object.entries(headers).flatMap(([name, reference]) => {
    const { required, schema } = resolve(reference);
    const value = sent.get(name);
    if (value === null) return required === true ? [`no ${name}`] : [];
    return ajv.validate(schema, value) ? [] : [`${name}: ${value} ${ajv.errorsText()}`];
  });
}

/** Lets answers have no field that is not listed: clients are told to expect more, tests are not. */
function close(value: unknown, isOpen = false): unknown {
  if (Array.isArray(value)) return value.map((item) => close(item, isOpen));
  if (typeof value !== 'object' || value === null) return value;
  const closed: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, close(inner, isOpen || key === 'allOf')]),
  );
  const isObject = closed['type'] === 'object' && 'properties' in closed && !('additionalProperties' in closed);
  return isObject && !isOpen ? { ...closed, additionalProperties: false } : closed;
}
