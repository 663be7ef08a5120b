import type { Engine } from '../engine.ts';
import type { SaltStore } from './salt-store.ts';

/** The salts on ClickHouse. */
export function createClickHouseSaltStore(engine: Engine): SaltStore {
  async function read(): Promise<Map<string, string>> {
    const sql = 'SELECT toString(day), min(salt) FROM visitor_salts GROUP BY day';
    const { rows } = await engine.ask({ sql, params: {} });
    return new Map(rows.map(([day, salt]) => [String(day), String(salt)]));
  }
  async function add(days: readonly string[], makeSalt: () => string): Promise<void> {
    const data = days.map((day) => JSON.stringify({ day, salt: makeSalt() })).join('\n');
    await engine.insert('INSERT INTO visitor_salts SETTINGS async_insert = 0 FORMAT JSONEachRow', data);
  }

  return {
    async keep(days, makeSalt) {
      let held = await read();
      const missing = days.filter((day) => !held.has(day));
      if (missing.length > 0) {
        await add(missing, makeSalt);
        held = await read();
      }
      if ([...held.keys()].some((day) => !days.includes(day))) {
        await engine.run({
          sql: 'ALTER TABLE visitor_salts DELETE WHERE day NOT IN {days:Array(Date)} SETTINGS mutations_sync = 2',
          params: { days },
        });
      }
      return new Map([...held].filter(([day]) => days.includes(day)));
    },
  };
}
