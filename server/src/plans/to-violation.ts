import type { ErrorObject } from 'ajv';

/** What a schema says against an event. */
export interface Violation {
  /** Into the event, as `properties.items.0.price`. */
  readonly path: string;
  /** In ajv's words, with what would have been right; at most 300 characters. */
  readonly message: string;
  /** What is stored: path and keyword, with `*` for any place in a list; at most 200 characters. */
  readonly mark: string;
}

const maxMessageLength = 300;
const maxMarkLength = 200;

/** Words what a check found first; `field` is `properties` or `traits`, and `value` what stands there. Never throws. */
export function toViolation(errors: readonly ErrorObject[], field: string, value: unknown): Violation {
  const error = findTelling(errors);
  const { keyword = 'schema', instancePath = '' } = error ?? {};
  const steps = instancePath.split('/').slice(1).map(fromStep);
  const named = error === undefined ? [] : toNamed(error);
  const path = [field, ...steps, ...named].join('.');
  const mark = [field, ...withoutPlaces(steps, value), ...named].join('.');
  return {
    path: cut(path, maxMarkLength),
    message: cut(toMessage(error), maxMessageLength),
    mark: toMark(mark, keyword),
  };
}

/** Gives the mark of a path and a keyword: the keyword stays whole. */
export function toMark(path: string, keyword: string): string {
  return `${cut(path, maxMarkLength - keyword.length - 2)}: ${keyword}`;
}

/** The last one is what failed as a whole; "if" says less than what failed in its branch, which stands before it. */
function findTelling(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.findLast(({ keyword }) => keyword !== 'if') ?? errors.at(-1);
}

/** The key that a keyword of an object speaks of. */
function toNamed({ params }: ErrorObject): string[] {
  const { missingProperty, additionalProperty, unevaluatedProperty, propertyName } = params;
  const named: unknown = missingProperty ?? additionalProperty ?? unevaluatedProperty ?? propertyName;
  return typeof named === 'string' ? [named] : [];
}

function toMessage(error: ErrorObject | undefined): string {
  const { message = 'does not fit the schema', keyword = '', params = {} } = error ?? {};
  if (keyword === 'enum') return `${message}: ${JSON.stringify(params['allowedValues'])}`;
  return keyword === 'const' ? `${message}: ${JSON.stringify(params['allowedValue'])}` : message;
}

/** Lists are not told apart by place, or each place would be another mark. */
function withoutPlaces(steps: readonly string[], value: unknown): string[] {
  let part = value;
  return steps.map((step) => {
    const isPlace = Array.isArray(part);
    part = typeof part === 'object' && part !== null ? Reflect.get(part, step) : undefined;
    return isPlace ? '*' : step;
  });
}

/** RFC 6901. */
function fromStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).toWellFormed()}…`;
}
