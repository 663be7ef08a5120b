import type { QueryFilter } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toFieldSql } from './field.ts';

/** Which events a question is about; `to` is exclusive. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly event?: string | undefined;
  readonly filters: readonly QueryFilter[];
}

/** Gives the WHERE of a question: its project, its time (`to` exclusive), its event and its filters. */
export function toWhere(projectId: string, asked: Asked): Statement {
  const matches = toMatches(asked);
  return {
    sql: `WHERE project_id = {project:String}\n  AND ${matches.sql}`,
    params: { project: projectId, ...matches.params },
  };
}

/** Gives the condition under which an event is one of those asked for, its project aside. */
export function toMatches(asked: Asked): Statement {
  const clauses = [
    'timestamp >= fromUnixTimestamp64Milli({from:Int64})',
    'timestamp < fromUnixTimestamp64Milli({to:Int64})',
  ];
  const params: Record<string, unknown> = { from: Date.parse(asked.from), to: Date.parse(asked.to) };
  if (asked.event !== undefined) {
    clauses.push('event = {event:String}');
    params['event'] = asked.event;
  }
  for (const filter of toFilters(asked.filters, 'filter')) {
    clauses.push(filter.sql);
    Object.assign(params, filter.params);
  }
  return { sql: clauses.join('\n  AND '), params };
}

/** Gives a condition for each filter; their parameters begin with `name` and must not meet others. */
export function toFilters(filters: readonly QueryFilter[], name: string): Statement[] {
  return filters.map((filter, at) => toFilterSql(filter, `${name}${at}`));
}

const numberOperators = { eq: '=', ne: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function toFilterSql(filter: QueryFilter, name: string): Statement {
  if (filter.op === 'any') {
    const any = toFilters(filter.filters, `${name}_`);
    return {
      sql: `(${any.map(({ sql }) => sql).join(' OR ')})`,
      params: Object.assign({}, ...any.map(({ params }) => params)),
    };
  }
  const field = toFieldSql(filter.field, `${name}_path`);
  switch (filter.op) {
    case 'is_set':
      return { sql: `${field.sql} != ''`, params: field.params };
    case 'is_not_set':
      return { sql: `${field.sql} = ''`, params: field.params };
    case 'in':
      return toText(field, `IN {${name}:Array(String)}`, { [name]: filter.value });
    case 'not_in':
      return toText(field, `NOT IN {${name}:Array(String)}`, { [name]: filter.value });
    case 'contains':
      return { sql: `position(${field.sql}, {${name}:String}) > 0`, params: { ...field.params, [name]: filter.value } };
    case 'starts_with':
      return { sql: `startsWith(${field.sql}, {${name}:String})`, params: { ...field.params, [name]: filter.value } };
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return toNumber(field, filter, name);
    case 'eq':
    case 'ne':
      if (typeof filter.value === 'number') return toNumber(field, { op: filter.op, value: filter.value }, name);
      return toText(field, `${numberOperators[filter.op]} {${name}:String}`, { [name]: String(filter.value) });
  }
}

function toText(field: Statement, comparison: string, params: Statement['params']): Statement {
  return { sql: `${field.sql} ${comparison}`, params: { ...field.params, ...params } };
}

/**
 * Compares as numbers, so that 5 is 5.0; what is no number is only ever `ne`. The value goes as text: as
 * a number, chdb's connection refuses it beyond 2^53.
 */
function toNumber(
  field: Statement,
  { op, value }: { op: keyof typeof numberOperators; value: number },
  name: string,
): Statement {
  return {
    sql: `ifNull(toFloat64OrNull(${field.sql}) ${numberOperators[op]} {${name}:Float64}, ${op === 'ne'})`,
    params: { ...field.params, [name]: String(value) },
  };
}
