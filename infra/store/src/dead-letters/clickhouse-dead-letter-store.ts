import type { Engine } from '../engine.ts';
import { toRows } from '../export-rows.ts';
import { toDeadLetter } from '../to-dead-letter.ts';
import type { DeadLetterStore } from './dead-letter-store.ts';
import { encodeLetterCursor, type LetterCursor, parseLetterCursor } from './letter-cursor.ts';
import { countLetters, deleteLetters, selectLetters } from './select-letters.ts';

/** The dead letters on ClickHouse: `write` takes away, `read` answers. */
export function createClickHouseDeadLetterStore(write: Engine, read: Engine): DeadLetterStore {
  return {
    async page(range, text, limit) {
      const after = (text === null ? null : parseLetterCursor(text)) ?? (await begin(read));
      const rows = toRows(await read.ask(selectLetters(range, after, limit)));
      const letters = rows.map(toDeadLetter);
      const last = letters.at(-1);
      if (last === undefined) return { letters, cursor: null, left: 0 };
      const { log, partition, offset, index, reason } = last;
      const cursor = { until: after.until, at: Number(rows.at(-1)?.['at']), log, partition, offset, index, reason };
      const { rows: counted } = await read.ask(countLetters(range, cursor));
      const left = Number(counted[0]?.[0]);
      return { letters, cursor: left === 0 ? null : encodeLetterCursor(cursor), left };
    },
    async remove(letters) {
      if (letters.length > 0) await write.run(deleteLetters(letters));
    },
  };
}

/** Before the first letter; what is stored from now on is left out, by the engine's own clock. */
async function begin(engine: Engine): Promise<LetterCursor> {
  const { rows } = await engine.ask({ sql: 'SELECT toString(toUnixTimestamp64Milli(now64(3)))', params: {} });
  return { until: Number(rows[0]?.[0]), at: 0, log: '', partition: 0, offset: 0, index: -1, reason: '' };
}
