import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import { AppError } from '@px-platform/runtime';
import { createRowPacker } from './pack-rows.ts';
import { readErrorCode } from './replicas/error-code.ts';
import type { Statement } from './statement.ts';

const packRows = createRowPacker(zlib);

/** An answer of the engine: column names, rows in their order, and how many rows it read. */
export interface EngineAnswer {
  readonly columns: string[];
  readonly rows: unknown[][];
  readonly rowsRead: number;
}

/**
 * The engine behind the store: a ClickHouse server or chdb, spoken to by one client. Settings stand in
 * the statement's own SETTINGS clause, since over chdb the client's settings would stick to the session
 * (a deduplication token that stays would silently drop the next insert).
 */
export interface Engine {
  run(statement: Statement): Promise<void>;
  ask(statement: Statement): Promise<EngineAnswer>;
  /** As `ask`, of an answer that may be longer than a string can be: each row becomes an item as it comes. */
  askEach<Item>(statement: Statement, toItem: (row: readonly unknown[]) => Item): Promise<Item[]>;
  /** Runs `INSERT … FORMAT x` with its data. */
  insert(sql: string, data: string): Promise<void>;
  /** Inserts rows in RowBinary, whose values are those of the statement's columns. */
  insertBinary(statement: BinaryInsert, rows: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** An `INSERT` of rows in RowBinary, in its parts: where the rows come from stands between them. */
export interface BinaryInsert {
  /** `INSERT INTO table (columns)` */
  readonly into: string;
  /** `SETTINGS …` */
  readonly settings: string;
}

/** Takes rows in RowBinary to an engine by a client. */
export type SendBinary = (client: ClickHouseClient, statement: BinaryInsert, rows: Buffer) => Promise<void>;

/**
 * Sends the rows behind the statement, as the body of a request. They are packed here, all at once: the client's own way, a stream at gzip's
 * usual level, takes several times as long.
 */
export const sendAsBody: SendBinary = async (client, { into, settings }, rows) => {
  const { encoding, bytes } = await packRows(rows);
  await send(client, `${into} ${settings} FORMAT RowBinary`, bytes, { 'Content-Encoding': encoding });
};

/** Wraps a client as an engine. Throws AppErrors: `store_refused_rows`, `query_over_budget`, else `store_unavailable`. */
export function createEngine(client: ClickHouseClient, target: string, sendBinary: SendBinary): Engine {
  return {
    async run({ sql, params }) {
      await attempt(sql, target, () => client.command({ query: sql, query_params: { ...params } }));
    },
    async ask({ sql, params }) {
      return attempt(sql, target, async () => {
        const result = await client.query({ query: sql, query_params: { ...params }, format: 'JSONCompact' });
        const answer = await result.json<unknown[]>();
        return {
          columns: (answer.meta ?? []).map((column) => column.name),
          rows: answer.data,
          rowsRead: answer.statistics?.rows_read ?? 0,
        };
      });
    },
    async askEach({ sql, params }, toItem) {
      return attempt(sql, target, async () => {
        const result = await client.query({ query: sql, query_params: { ...params }, format: 'JSONCompactEachRow' });
        const items = [];
        for await (const rows of result.stream<unknown[]>()) for (const row of rows) items.push(toItem(row.json()));
        return items;
      });
    },
    async insert(sql, data) {
      await attempt(sql, target, () => send(client, sql, data));
    },
    async insertBinary(statement, rows) {
      await attempt(statement.into, target, () => sendBinary(client, statement, rows));
    },
    close: () => client.close(),
  };
}

async function send(
  client: ClickHouseClient,
  query: string,
  data: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const values = Readable.from([data], { objectMode: false });
  const result = await client.exec({ query, values, http_headers: { ...headers } });
  for await (const _ of result.stream);
}

/**
 * Codes of ClickHouse's ErrorCodes.cpp that speak of the data given (CANNOT_PARSE_*, INCORRECT_DATA, TYPE_MISMATCH,
 * values out of range, too deep or too large): another try with the same rows can't succeed.
 */
const dataErrors = new Set(
  '6 25 26 27 33 34 38 41 53 69 70 72 117 128 130 131 306 321 349 376 407 441 467 636 675 676 691'.split(' '),
);
/** TIMEOUT_EXCEEDED, TOO_MANY_ROWS, TOO_MANY_BYTES, TOO_MANY_ROWS_OR_BYTES, MEMORY_LIMIT_EXCEEDED, SET_SIZE_LIMIT_EXCEEDED. */
const budgetErrors = new Set(['158', '159', '191', '241', '307', '396']);

async function attempt<T>(sql: string, target: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const what = sql.slice(0, 60).replaceAll(/\s+/g, ' ');
    const code = readErrorCode(cause);
    if (dataErrors.has(code)) {
      throw new AppError('store_refused_rows', `ClickHouse (${target}) refused the data of "${what}…"`, { cause });
    }
    if (budgetErrors.has(code)) {
      throw new AppError('query_over_budget', `The query passed its budget of time, rows or memory: "${what}…"`, {
        cause,
      });
    }
    throw new AppError(
      'store_unavailable',
      `ClickHouse (${target}) did not take "${what}…"; see its log and the cause`,
      {
        cause,
      },
    );
  }
}
