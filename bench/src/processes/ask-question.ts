import { askJson } from './ask-json.ts';

/** Asks `POST /api/v1/query` of the day before and the day after now, unless the question says; gives the rows of the answer. */
export async function askQuestion(url: string, key: string, question: object): Promise<unknown[][]> {
  const body = { from: toInstant(-1), to: toInstant(1), ...question };
  return (await askJson<{ rows: unknown[][] }>(`${url}/api/v1/query`, { key, body })).rows;
}

/** Gives an instant so many days from now, as the API takes it. */
export function toInstant(daysFromNow: number): string {
  return new Date(Date.now() + daysFromNow * 86_400_000).toISOString();
}
