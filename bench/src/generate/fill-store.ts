import { openEmbeddedStore } from '@px-platform/store';
import { connectEmbedded } from '@px-platform/store/engine';
import { type GeneratedDay, generatedLog, offsetsPerDay, toInsertDay } from './insert-day.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** The same each time, so that a store made once can be asked again. */
export const generatedEnd = Date.UTC(2026, 10, 1);
export const generatedDays = 90;
const eventsPerSession = 5;
const eventsPerPerson = 16;

/**
 * Fills a new store with about `events` events of the 90 days before `generatedEnd`, day after day, as they would have come.
 * Sessions are derived by the store itself, claims are made of the identify events. Ends when no merge is left to do.
 */
export async function fillStore(folder: string, events: number, say: (line: string) => void): Promise<void> {
  const open = await openEmbeddedStore({ path: folder, clock: () => generatedEnd });
  const engine = connectEmbedded(folder);
  for (let day = 0; day < generatedDays; day += 1) {
    const made = toDay(day, events);
    await engine.run(toInsertDay(made));
    // No rows: what is derived of a stored range is derived as ever.
    const lastOffset = made.firstOffset + offsetsPerDay - 1;
    await open.store.insert({ logId: generatedLog, partition: 0, firstOffset: made.firstOffset, lastOffset, rows: [] });
    if (day % 10 === 9) say(`${day + 1} of ${generatedDays} days made`);
  }
  await engine.run({ sql: insertClaims, params: {} });
  await settle(engine);
  await engine.close();
  await open.store.close();
}

function toDay(day: number, events: number): GeneratedDay {
  const persons = events / eventsPerPerson;
  return {
    startMs: generatedEnd - (generatedDays - day) * dayMs,
    sessions: Math.round(events / generatedDays / eventsPerSession),
    // There are ever more of them.
    persons: Math.max(1, Math.round(persons * (0.3 + (0.7 * (day + 1)) / generatedDays))),
    firstOffset: day * offsetsPerDay,
  };
}

/** As `readClaims` of the store has it. */
const insertClaims = `
INSERT INTO identity_claims
SELECT project_id, claim.1, user_id, claim.2, min((timestamp, toString(event_id))), max(timestamp), max(retain_until)
FROM events
ARRAY JOIN [(user_id, 'known'), (anonymous_id, 'identify')] AS claim
WHERE event = 'identify'
GROUP BY project_id, claim.1, user_id, claim.2`;

/** Waits until the merges of what was inserted have come to rest. */
async function settle(engine: ReturnType<typeof connectEmbedded>): Promise<void> {
  const quietChecks = 3;
  for (let quiet = 0; quiet < quietChecks; ) {
    const { rows } = await engine.ask({ sql: 'SELECT count() FROM system.merges', params: {} });
    quiet = Number(rows[0]?.[0]) === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
