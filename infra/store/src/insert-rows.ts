import { createHash } from 'node:crypto';
import type { BinaryInsert } from './engine.ts';

/** Where a batch's rows come from. */
interface NamedRange {
  readonly partition: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly name?: string;
}

/** JSON values keep the type the client gave them: no string becomes a date, no bool a number. */
const insertSettings = [
  'input_format_try_infer_dates = 0',
  'input_format_try_infer_datetimes = 0',
  'input_format_json_read_bools_as_numbers = 0',
  'type_json_skip_duplicated_paths = 1',
  'input_format_binary_read_json_as_string = 1',
  'max_partitions_per_insert_block = 0',
  'async_insert = 0',
  // A batch is one block, parsed and written by one thread: threads of their own for a few MB cost more than they
  // save on a small machine, and merging within the block is the processor's dedupe done again.
  'max_threads = 1',
  'max_insert_threads = 1',
  'input_format_parallel_parsing = 0',
  'optimize_on_insert = 0',
].join(', ');

/** `token` names the rows: a retry with the same rows is dropped by the engine, other rows never are. */
export function insertRows(table: string, columns: readonly string[], token: string): BinaryInsert {
  return {
    into: `INSERT INTO ${table} (${columns.join(', ')})`,
    settings: `SETTINGS insert_deduplicate = 1, insert_deduplication_token = '${token}', ${insertSettings}`,
  };
}

/** The same, of rows as lines of JSONCompactEachRow. */
export function insertLinesSql(table: string, columns: readonly string[], token: string): string {
  const { into, settings } = insertRows(table, columns, token);
  return `${into} ${settings} FORMAT JSONCompactEachRow`;
}

/** Gives the name of a batch's rows: its own, else its place in the log and a digest of their bytes. */
export function toInsertToken(batch: NamedRange, data: string | Buffer): string {
  if (batch.name !== undefined) return batch.name;
  const digest = createHash('sha256').update(data).digest('hex').slice(0, 32);
  return `${batch.partition}:${batch.firstOffset}-${batch.lastOffset}:${digest}`;
}
