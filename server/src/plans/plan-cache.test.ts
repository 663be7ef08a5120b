import { createMemoryControl, type EventSchema } from '@px-platform/control';
import { AppError } from '@px-platform/runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import { createPlanCache, type PlanCache } from './plan-cache.ts';

const number = { properties: { a: { type: 'number' } } };
const text = { properties: { a: { type: 'string' } } };
const event = { event: 'e', properties: { a: 'x' } };

let plans: Map<string, EventSchema[]>;
let asked: string[];
let isAway: boolean;
let failures: number;

function toCache(maxBytes?: number): PlanCache {
  const control = {
    ...createMemoryControl(),
    async listEventSchemas(projectId: string) {
      asked.push(projectId);
      if (isAway) throw new AppError('control_unavailable', 'away');
      return plans.get(projectId) ?? [];
    },
  };
  const onLoadFailed = () => {
    failures += 1;
  };
  return createPlanCache({ control, onLoadFailed, ...(maxBytes === undefined ? {} : { maxBytes }) });
}
function set(id: string, schema: Record<string, unknown>, mode: EventSchema['mode'] = 'warn'): void {
  plans.set(id, [{ project_id: id, event: 'e', mode, schema, updated_at: new Date(0) }]);
}
async function check(cache: PlanCache, id: string, plan_version: number) {
  const checkEvent = await cache.find({ id, plan_version });
  return checkEvent?.(event)?.mark ?? null;
}
const misfit = 'properties.a: type';

beforeEach(() => {
  plans = new Map();
  asked = [];
  isAway = false;
  failures = 0;
});

describe('a plan cache', () => {
  it('asks nothing for a project that never had a schema, and gives its answer at once', () => {
    expect(toCache().find({ id: 'p', plan_version: 0 })).toBeNull();
    expect(asked).toEqual([]);
  });

  it('asks once for a version, though many ask at once, and gives what is known without a promise', async () => {
    const cache = toCache();
    set('p', number);
    expect(await Promise.all([1, 2, 3].map(() => check(cache, 'p', 1)))).toEqual([misfit, misfit, misfit]);
    expect(cache.find({ id: 'p', plan_version: 1 })).toBeTypeOf('function');
    expect(asked).toEqual(['p']);
  });

  it('holds a change from the request on that bears its version', async () => {
    const cache = toCache();
    set('p', number);
    expect(await check(cache, 'p', 1)).toBe(misfit);
    set('p', text);
    expect(await check(cache, 'p', 1)).toBe(misfit);
    expect(await check(cache, 'p', 2)).toBeNull();
    // A key whose grant was looked up a moment earlier.
    expect(await check(cache, 'p', 1)).toBeNull();
    expect(asked).toEqual(['p', 'p']);
  });

  it('does not give an answer that was asked for before the change to one who knows of it', async () => {
    const cache = toCache();
    set('p', number);
    const before = check(cache, 'p', 1);
    set('p', text);
    expect([await before, await check(cache, 'p', 2)]).toEqual([misfit, null]);
    expect(asked).toEqual(['p', 'p']);
  });

  it('gives null for a plan that is off or was removed, and asks no more', async () => {
    const cache = toCache();
    set('p', number, 'off');
    expect([await cache.find({ id: 'p', plan_version: 1 }), cache.find({ id: 'p', plan_version: 1 })]).toEqual([
      null,
      null,
    ]);
    plans.delete('p');
    expect(await cache.find({ id: 'p', plan_version: 2 })).toBeNull();
    expect(asked).toHaveLength(2);
  });

  it('goes on with the last known plan while the control store is away, and takes the new one after', async () => {
    const cache = toCache();
    set('p', number);
    await check(cache, 'p', 1);
    set('p', text);
    isAway = true;
    expect(await check(cache, 'p', 2)).toBe(misfit);
    isAway = false;
    expect(await check(cache, 'p', 2)).toBeNull();
    expect(failures).toBe(1);
  });

  it('throws where none is known: nothing goes by unchecked', async () => {
    const cache = toCache();
    set('p', number);
    isAway = true;
    await expect(check(cache, 'p', 1)).rejects.toMatchObject({ code: 'control_unavailable' });
    isAway = false;
    expect(await check(cache, 'p', 1)).toBe(misfit);
  });

  it('keeps so many bytes, and drops what was longest unused', async () => {
    const cache = toCache(700);
    for (const id of ['p', 'q', 'r']) set(id, number);
    for (const id of ['p', 'q', 'p', 'r', 'p', 'q']) await check(cache, id, 1);
    expect(asked).toEqual(['p', 'q', 'r', 'q']);
  });

  it('says of a schema that can not be used that nothing fits it', async () => {
    const cache = toCache();
    set('p', { pattern: '(?=a)' }, 'reject');
    const checkEvent = await cache.find({ id: 'p', plan_version: 1 });
    expect(checkEvent?.(event)).toMatchObject({
      mode: 'reject',
      path: 'properties',
      mark: 'properties: unusable_schema',
      message: expect.stringContaining('its schema/pattern is no regular expression'),
    });
  });

  it('holds traits of identify and group against their schema, and properties of all else', async () => {
    const cache = toCache();
    const of = (name: string) => ({
      project_id: 'p',
      event: name,
      mode: 'warn' as const,
      schema: number,
      updated_at: new Date(0),
    });
    plans.set('p', ['identify', 'group', 'alias', 'page_view'].map(of));
    const checkEvent = await cache.find({ id: 'p', plan_version: 1 });
    const both = { properties: { a: 1 }, traits: { a: 'x' } };
    const marks = ['identify', 'group', 'alias', 'page_view', 'other'].map(
      (name) => checkEvent?.({ event: name, ...both })?.mark,
    );
    expect(marks).toEqual(['traits.a: type', 'traits.a: type', undefined, undefined, undefined]);
    expect(checkEvent?.({ event: 'identify' })).toBeNull();
  });
});
