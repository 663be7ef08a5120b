import { connectEmbedded } from './connect-embedded.ts';
import type { RowBatch } from './event-store.ts';
import { insertRows, toInsertToken } from './insert-rows.ts';
import { openEmbeddedStore } from './open-embedded.ts';
import { storedColumns } from './row-binary/stored-columns.ts';
import { toRowBinary } from './row-binary/to-row-binary.ts';

/** What a column of `events` takes on the disk: its data and its marks, in bytes. */
export interface ColumnBytes {
  readonly column: string;
  readonly compressed: number;
  readonly uncompressed: number;
}

/** What a table takes on the disk: with `columns`, its key and its skip indexes. */
export interface TableBytes {
  readonly rows: number;
  readonly bytes: number;
  readonly indexBytes: number;
  readonly columns: readonly ColumnBytes[];
}

/** The embedded engine with nothing in front of it: the limit that measurements stand beside. */
export interface EngineAlone {
  /** Writes rows as they travel to the engine. */
  prepare(batch: RowBatch): Promise<PreparedBatch>;
  /** Inserts them into `events`: nothing else is done. */
  insert(prepared: PreparedBatch): Promise<void>;
  /** Merges each partition of `table` into one part, and tells what it takes. */
  merge(table: 'events' | 'sessions'): Promise<TableBytes>;
  close(): Promise<void>;
}

/** Rows ready for the engine, and the name of the batch. */
export interface PreparedBatch {
  readonly bytes: Buffer;
  readonly token: string;
}

/** Opens the engine in this process on a folder, migrated as the store is. Throws as `openEmbeddedStore` does. */
export async function openEngineAlone(path: string): Promise<EngineAlone> {
  const { store } = await openEmbeddedStore({ path, clock: Date.now });
  const engine = connectEmbedded(path);
  const ask = async (sql: string, table: string): Promise<unknown[][]> =>
    (await engine.ask({ sql: `${sql} SETTINGS output_format_json_quote_64bit_integers = 0`, params: { table } })).rows;

  return {
    async prepare(batch) {
      const bytes = await toRowBinary(batch.rows);
      return { bytes, token: toInsertToken(batch, bytes) };
    },
    insert: ({ bytes, token }) => engine.insertBinary(insertRows('events', storedColumns, token), bytes),
    async merge(table) {
      await engine.run({ sql: `OPTIMIZE TABLE ${table} FINAL`, params: {} });
      const [parts = []] = await ask(
        `SELECT sum(rows), sum(bytes_on_disk), sum(primary_key_size) + sum(secondary_indices_compressed_bytes)
         FROM system.parts WHERE active AND database = currentDatabase() AND table = {table:String}`,
        table,
      );
      const columns = await ask(
        `SELECT column, sum(column_bytes_on_disk) AS compressed, sum(column_data_uncompressed_bytes)
         FROM system.parts_columns WHERE active AND database = currentDatabase() AND table = {table:String}
         GROUP BY column ORDER BY compressed DESC`,
        table,
      );
      return {
        rows: Number(parts[0]),
        bytes: Number(parts[1]),
        indexBytes: Number(parts[2]),
        columns: columns.map(([column, compressed, uncompressed]) => ({
          column: String(column),
          compressed: Number(compressed),
          uncompressed: Number(uncompressed),
        })),
      };
    },
    async close() {
      await engine.close();
      await store.close();
    },
  };
}
