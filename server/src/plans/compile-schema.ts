import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Bag } from '../ingest/clean-bag.ts';
import { compilePattern } from './linear-pattern.ts';
import { measureSchema, type SchemaMistake } from './measure-schema.ts';
import { measureValue } from './measure-value.ts';
import { schemaFormats } from './schema-keywords.ts';
import { uniqueItems } from './unique-items.ts';

/** What a check came to: nothing wrong, the mistakes of ajv, or that it would have cost too much. */
export type CheckOutcome = readonly ErrorObject[] | 'too_costly' | null;

/** A schema that can be held to. */
export interface CompiledSchema {
  readonly kind: 'compiled';
  /** Holds a value against the schema, in about a quarter of a second at most, and takes what it may have cost from the budget. Never throws. */
  check(value: Bag, budget: StepBudget): CheckOutcome;
}

/** What checks may still cost. */
export interface StepBudget {
  stepsLeft: number;
}

/** Bytes of a schema as JSON at most. */
export const maxSchemaBytes = 64 * 1024;

/** Of one check: a step is a part of the schema at one value. */
const maxSteps = 10_000_000;
/** Of one check: an instruction of a pattern at one character, which takes longer. */
const maxPatternSteps = 4_000_000;
const stepsPerPatternStep = 4;

/**
 * Compiles a JSON Schema (draft 2020-12) that is valid; see `checkSchema`. It loads nothing from elsewhere, and what it makes
 * holds nothing of other schemas. Never throws.
 */
export function compileSchema(schema: unknown): CompiledSchema | SchemaMistake {
  const measured = measureSchema(schema);
  if (measured.kind === 'mistake') return measured;
  let patternStepsLeft = 0;
  const ajv = createAjv((pattern) => {
    const compiled = compilePattern(pattern);
    const isPattern = compiled.kind === 'pattern';
    return (text) => {
      patternStepsLeft -= isPattern ? compiled.instructions * (text.length + 1) : 0;
      // What it says once no steps are left is not listened to.
      return patternStepsLeft >= 0 && isPattern && compiled.matches(text);
    };
  });
  try {
    const { $schema: _version, $id: _id, ...own } = Object(schema);
    const validate = ajv.compile(own);
    return {
      kind: 'compiled',
      check(value, budget) {
        const steps = measured.parts * measureValue(value);
        if (steps > Math.min(maxSteps, budget.stepsLeft)) return 'too_costly';
        patternStepsLeft = maxPatternSteps;
        const isValid = validate(value);
        budget.stepsLeft -= steps + (maxPatternSteps - patternStepsLeft) * stepsPerPatternStep;
        if (patternStepsLeft < 0) return 'too_costly';
        return isValid ? null : (validate.errors ?? []);
      },
    };
  } catch (cause) {
    return { kind: 'mistake', path: '', message: cause instanceof Error ? cause.message : 'can not be compiled' };
  }
}

/** One for each schema: what ajv keeps of a schema goes with it. */
function createAjv(toTest: (pattern: string) => (text: string) => boolean): Ajv2020 {
  const engine = (pattern: string) => ({ test: toTest(pattern), toString: () => pattern });
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    // It would try the schema's own names with JavaScript's expressions, in any time.
    allowMatchingProperties: true,
    // A property may be called constructor or toString.
    ownProperties: true,
    // Or what is referred to would be compiled again at each place.
    inlineRefs: false,
    meta: false,
    validateSchema: false,
    logger: false,
    // ajv tells engines apart by the name of their code.
    code: { regExp: Object.assign(engine, { code: 'linear' }) },
  });
  addFormats.default(ajv, { mode: 'full', formats: [...schemaFormats] });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword(uniqueItems);
  return ajv;
}
