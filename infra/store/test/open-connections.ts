import { createChdbConnection } from 'chdb/connection';

type Connection = ReturnType<typeof createChdbConnection>;

/** The engine on several connections, so that statements run side by side, as on a server. */
export interface EngineConnections {
  /** Gives the bytes of the answer, once a connection is free. Throws what the engine throws. */
  execute(query: string): Promise<Buffer>;
  close(): Promise<void>;
}

/** As many statements at a time; a server of defaults takes 1,000. */
const count = 8;

/** Opens chdb on a folder, and loads it. */
export async function openConnections(path: string): Promise<EngineConnections> {
  const all = Array.from({ length: count }, () => createChdbConnection({ path }));
  for (const one of all) await one.ping({ select: true });
  const free = [...all];
  const waiting: ((connection: Connection) => void)[] = [];

  function take(): Connection | Promise<Connection> {
    return free.pop() ?? new Promise((resolve) => waiting.push(resolve));
  }

  function giveBack(connection: Connection): void {
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else next(connection);
  }

  return {
    async execute(query) {
      const connection = await take();
      const result = read(connection, query);
      // One statement at a time on each, and an answer thrown away after a failed one: see `src/one-at-a-time.ts`.
      result
        .catch(() => read(connection, 'SELECT 1'))
        .catch(() => undefined)
        .then(() => giveBack(connection));
      return result;
    },
    async close() {
      for (const one of all) await one.close();
    },
  };
}

async function read(connection: Connection, query: string): Promise<Buffer> {
  const { stream } = await connection.exec({ query });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
