import type { EventSchema, PlanMode } from '@px-platform/control';
import type { WireEvent } from '@px-platform/schemas';
import { type CompiledSchema, compileSchema, type StepBudget } from './compile-schema.ts';
import type { SchemaMistake } from './measure-schema.ts';
import { toMark, toViolation, type Violation } from './to-violation.ts';

/** What an event has against its schema, and what becomes of it. */
export interface Verdict extends Violation {
  readonly mode: Exclude<PlanMode, 'off'>;
}

/** Holds one event after the other of one request against their schemas: null where there is nothing to say. Never throws. */
export type CheckEvent = (event: Pick<WireEvent, 'event' | 'properties' | 'traits'>) => Verdict | null;

/** A project's tracking plan: the schemas of its events, each compiled when its event first comes. */
export interface Plan {
  /** Of its schemas as JSON. */
  readonly bytes: number;
  readonly entries: ReadonlyMap<string, PlanEntry>;
  /** The check for one request, which has its own budget. */
  startRequest(): CheckEvent;
}

interface PlanEntry {
  readonly mode: Verdict['mode'];
  readonly text: string;
  compiled: CompiledSchema | SchemaMistake | null;
}

/** What all events of a request may cost, at most a second or two; past it an event can't be checked. */
const maxRequestSteps = 200_000_000;

/** Events whose `traits` are what the schema describes; it is `properties` for any other, as in Segment's tracking plans. */
const traitEvents: ReadonlySet<string> = new Set(['identify', 'group']);

/**
 * Builds the plan of what a project has registered, or null where nothing is to be checked. What `previous` has compiled
 * already is taken along where the schema is the same. Never throws.
 */
export function createPlan(schemas: readonly EventSchema[], previous: Plan | null): Plan | null {
  const entries = new Map<string, PlanEntry>();
  let bytes = 0;
  for (const { event, mode, schema } of schemas) {
    if (mode === 'off') continue;
    const text = JSON.stringify(schema);
    const known = previous?.entries.get(event);
    entries.set(event, { mode, text, compiled: known?.text === text ? known.compiled : null });
    bytes += Buffer.byteLength(text);
  }
  if (entries.size === 0) return null;
  return {
    bytes,
    entries,
    startRequest() {
      const budget = { stepsLeft: maxRequestSteps };
      return (event) => {
        const entry = entries.get(event.event);
        return entry === undefined ? null : checkEntry(entry, event, budget);
      };
    },
  };
}

function checkEntry(entry: PlanEntry, event: Parameters<CheckEvent>[0], budget: StepBudget): Verdict | null {
  const field = traitEvents.has(event.event) ? 'traits' : 'properties';
  const value = event[field] ?? {};
  entry.compiled ??= compileSchema(JSON.parse(entry.text));
  const { mode, compiled } = entry;
  // It was taken by another version of this server, or written to the database by hand.
  if (compiled.kind === 'mistake')
    return refuse(mode, field, 'unusable_schema', `its schema${compiled.path} ${compiled.message}`);
  const outcome = compiled.check(value, budget);
  if (outcome === null) return null;
  if (outcome === 'too_costly') return refuse(mode, field, outcome, 'holds more than its schema can be checked on');
  return { mode, ...toViolation(outcome, field, value) };
}

function refuse(mode: Verdict['mode'], field: string, keyword: string, message: string): Verdict {
  return { mode, path: field, message, mark: toMark(field, keyword) };
}
