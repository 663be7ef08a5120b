/** What a table is, as far as rows and questions lean on it; SQL in the engine's own spelling, '' where there is none. */
export interface TableDescription {
  readonly engine: string;
  readonly partition_by: string;
  readonly primary_key: string;
  readonly order_by: string;
  readonly ttl: string;
  /** Types by name, in the order of the table. */
  readonly columns: Readonly<Record<string, string>>;
  /** Data skipping indexes by name: type and expression. */
  readonly indexes: Readonly<Record<string, string>>;
}

/** Tables by name. */
export type Tables = Readonly<Record<string, TableDescription>>;

/** Views by name: the question that each asks. */
export type Views = Readonly<Record<string, string>>;
