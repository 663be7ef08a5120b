import type { QueryFilter } from '@px-platform/schemas';
import { describe, expect, it } from 'vitest';
import { toWhere } from './where.ts';

const range = { from: '1970-01-01T00:00:01Z', to: '1970-01-01T00:00:02.5Z' };

function where(filters: QueryFilter[], event?: string): ReturnType<typeof toWhere> {
  return toWhere('prj_a', { ...range, filters, event });
}

const bound = `WHERE project_id = {project:String}
  AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
  AND timestamp < fromUnixTimestamp64Milli({to:Int64})`;
const boundTo = { project: 'prj_a', from: 1_000, to: 2_500 };

it('binds each question to its project and time', () => {
  expect(where([])).toEqual({ sql: bound, params: boundTo });
});

it('binds it to an event where one is named', () => {
  const sql = `${bound}\n  AND event = {event:String}`;
  expect(where([], "x' OR 1")).toEqual({ sql, params: { ...boundTo, event: "x' OR 1" } });
});

describe('a filter', () => {
  const path = 'toString(getSubcolumn(properties, {filter0_path:String}))';

  it.each<[QueryFilter, string, unknown]>([
    [{ field: 'os', op: 'eq', value: 'Linux' }, 'toString(os) = {filter0:String}', 'Linux'],
    [{ field: 'is_bot', op: 'ne', value: true }, 'toString(is_bot) != {filter0:String}', 'true'],
    [{ field: 'os', op: 'contains', value: 'x' }, 'position(toString(os), {filter0:String}) > 0', 'x'],
    [{ field: 'os', op: 'starts_with', value: 'x' }, 'startsWith(toString(os), {filter0:String})', 'x'],
    [{ field: 'os', op: 'in', value: ['a', 'b'] }, 'toString(os) IN {filter0:Array(String)}', ['a', 'b']],
    [{ field: 'os', op: 'not_in', value: ['a'] }, 'toString(os) NOT IN {filter0:Array(String)}', ['a']],
    [{ field: 'os', op: 'eq', value: 5 }, 'ifNull(toFloat64OrNull(toString(os)) = {filter0:Float64}, false)', '5'],
    [{ field: 'os', op: 'ne', value: 5 }, 'ifNull(toFloat64OrNull(toString(os)) != {filter0:Float64}, true)', '5'],
    [
      { field: 'os', op: 'gte', value: 1e21 },
      'ifNull(toFloat64OrNull(toString(os)) >= {filter0:Float64}, false)',
      '1e+21',
    ],
  ])('%j goes as a parameter', (filter, sql, value) => {
    expect(where([filter])).toEqual({ sql: `${bound}\n  AND ${sql}`, params: { ...boundTo, filter0: value } });
  });

  it('names a path in a parameter of its own', () => {
    expect(where([{ field: "properties.a'b", op: 'is_not_set' }])).toEqual({
      sql: `${bound}\n  AND ${path} = ''`,
      params: { ...boundTo, filter0_path: "a'b" },
    });
  });

  it('of which one holds stands in brackets, each with parameters of its own', () => {
    const any: QueryFilter = {
      op: 'any',
      filters: [
        { field: 'os', op: 'eq', value: 'Linux' },
        { field: 'properties.a', op: 'is_set' },
      ],
    };
    expect(where([{ field: 'os', op: 'is_set' }, any])).toEqual({
      sql: `${bound}
  AND toString(os) != ''
  AND (toString(os) = {filter1_0:String} OR toString(getSubcolumn(properties, {filter1_1_path:String})) != '')`,
      params: { ...boundTo, filter1_0: 'Linux', filter1_1_path: 'a' },
    });
  });

  it('stands beside others under its own number', () => {
    const { sql, params } = where([
      { field: 'properties.a', op: 'is_set' },
      { field: 'properties.b', op: 'lt', value: 2 },
    ]);
    expect(sql).toBe(`${bound}
  AND ${path} != ''
  AND ifNull(toFloat64OrNull(toString(getSubcolumn(properties, {filter1_path:String}))) < {filter1:Float64}, false)`);
    expect(params).toEqual({ ...boundTo, filter0_path: 'a', filter1_path: 'b', filter1: '2' });
  });
});
