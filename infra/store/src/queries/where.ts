import type { QueryFilter, Question } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toFieldSql } from './field.ts';

/** Gives the WHERE of a question: its project, its time (`to` exclusive), its event and its filters. */
export function toWhere(projectId: string, question: Question): Statement {
  const clauses = [
    'project_id = {project:String}',
    'timestamp >= fromUnixTimestamp64Milli({from:Int64})',
    'timestamp < fromUnixTimestamp64Milli({to:Int64})',
  ];
  const params: Record<string, unknown> = {
    project: projectId,
    from: Date.parse(question.from),
    to: Date.parse(question.to),
  };
  if (question.event !== undefined) {
    clauses.push('event = {event:String}');
    params['event'] = question.event;
  }
  for (const [at, filter] of question.filters.entries()) {
    const clause = toFilterSql(filter, `filter${at}`);
    clauses.push(clause.sql);
    Object.assign(params, clause.params);
  }
  return { sql: `WHERE ${clauses.join('\n  AND ')}`, params };
}

const numberOperators = { eq: '=', ne: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function toFilterSql(filter: QueryFilter, name: string): Statement {
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
