import type { Statement } from '../statement.ts';

/** Gives the SQL of a closed-list field or of `properties.<path>`, as text; the path goes as a parameter. */
export function toFieldSql(field: string, name: string): Statement {
  const path = propertyPath(field);
  if (path === null) return { sql: `toString(${field})`, params: {} };
  return { sql: `toString(getSubcolumn(properties, {${name}:String}))`, params: { [name]: path } };
}

/** Gives the path below `properties`, or null for a column. */
function propertyPath(field: string): string | null {
  return field.startsWith('properties.') ? field.slice('properties.'.length) : null;
}
