import { eventRows, sessions, visitors } from './measures.ts';
import { type Asked, toWhere } from './where.ts';

/** What a time series or a breakdown counts: rows of a FROM and WHERE, and their measures. */
export interface CountedRows {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly events: string;
  readonly visitors: string;
  readonly sessions: string;
}

/** The events themselves. */
export function countEvents(projectId: string, asked: Asked): CountedRows {
  const where = toWhere(projectId, asked);
  return { sql: `FROM ${eventRows}\n${where.sql}`, params: where.params, events: 'count()', visitors, sessions };
}
