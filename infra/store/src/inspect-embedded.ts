import { connectEmbedded } from './connect-embedded.ts';

/** The embedded store of a standalone that has ended, asked in SQL by who checks it from outside. */
export interface StoreInspection {
  /** Gives the rows of an answer, values as JSON has them, 64-bit integers as text. Throws as `EventStore` does. */
  ask(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Gives the folder in which a table keeps its parts. */
  folderOf(table: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens a store's folder beside no other process; nothing is migrated. Throws `data_dir_in_use`, `data_dir_unusable`. */
export function inspectEmbeddedStore(path: string): StoreInspection {
  const engine = connectEmbedded(path);
  const ask = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    const { rows } = await engine.ask({ sql, params: {} });
    return rows;
  };
  return {
    ask,
    async folderOf(table) {
      const sql = `SELECT data_paths[1] FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`;
      const [row] = await ask(sql);
      return String(row?.[0]);
    },
    close: () => engine.close(),
  };
}
