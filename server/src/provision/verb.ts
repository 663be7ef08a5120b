import type { AdminCall, AdminClient, Answer, Refusal } from './admin-client.ts';

/** What a verb came to: `body` for `--json`, `text` for a person. */
export interface Done {
  readonly kind: 'done';
  readonly body: object;
  readonly text: string;
}

/** Carries out a verb and tells what it came to; the program gives it. */
export type Perform = (run: (client: AdminClient) => Promise<Done | Refusal>) => Promise<void>;

/** Sends one call and words its answer; a refusal passes through. */
export async function sendAndTell<T extends object>(
  client: AdminClient,
  call: AdminCall<T>,
  toText: (body: T) => string,
): Promise<Done | Refusal> {
  const answer: Answer<T> | Refusal = await client.send(call);
  return answer.kind === 'refused' ? answer : { kind: 'done', body: answer.body, text: toText(answer.body) };
}

/** Gives rows as lines with their cells in columns; `empty` where there are none. */
export function toTable(rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return empty;
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const toLine = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widthOf(column))).join('  ');
  return rows.map((row) => toLine(row).trimEnd()).join('\n');
}
