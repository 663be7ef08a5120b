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

const numberOperators = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function toFilterSql(filter: QueryFilter, name: string): Statement {
  const field = toFieldSql(filter.field, `${name}_path`);
  const value = `{${name}:String}`;
  switch (filter.op) {
    case 'eq':
      return { sql: `${field.sql} = ${value}`, params: { ...field.params, [name]: String(filter.value) } };
    case 'ne':
      return { sql: `${field.sql} != ${value}`, params: { ...field.params, [name]: String(filter.value) } };
    case 'contains':
      return {
        sql: `position(${field.sql}, ${value}) > 0`,
        params: { ...field.params, [name]: String(filter.value) },
      };
    case 'starts_with':
      return { sql: `startsWith(${field.sql}, ${value})`, params: { ...field.params, [name]: String(filter.value) } };
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return {
        sql: `toFloat64OrNull(${field.sql}) ${numberOperators[filter.op]} {${name}:Float64}`,
        params: { ...field.params, [name]: Number(filter.value) },
      };
    case 'in':
      return { sql: `${field.sql} IN {${name}:Array(String)}`, params: { ...field.params, [name]: filter.value } };
    case 'not_in':
      return { sql: `${field.sql} NOT IN {${name}:Array(String)}`, params: { ...field.params, [name]: filter.value } };
    case 'is_set':
      return { sql: `${field.sql} != ''`, params: { ...field.params } };
    case 'is_not_set':
      return { sql: `${field.sql} = ''`, params: { ...field.params } };
  }
}
