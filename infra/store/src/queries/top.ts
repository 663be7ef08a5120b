import type { Statement } from '../statement.ts';

/** Which groups of a question are given: the largest, or those named. */
export interface Top {
  readonly limit: number;
  /** Names of groups: no others are given. */
  readonly only?: readonly string[] | undefined;
}

/** Gives what ends a question by groups: GROUP BY to LIMIT. `orders` are columns, the largest first, then by name. */
export function toTop(group: string, orders: string, { limit, only }: Top): Statement {
  const having = only === undefined ? '' : `\nHAVING ${group} IN {only:Array(String)}`;
  return {
    sql: `GROUP BY ${group}${having}\nORDER BY ${orders} DESC, ${group}\nLIMIT {limit:UInt32}`,
    params: { limit, ...(only === undefined ? {} : { only }) },
  };
}
