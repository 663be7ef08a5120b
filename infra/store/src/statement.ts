/** A statement with its parameters: data reaches the engine as parameters, never as text. */
export interface Statement {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}
