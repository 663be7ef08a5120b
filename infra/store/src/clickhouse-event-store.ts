import { type Clock, inOneGo, systemClock } from '@px-platform/runtime';
import { deriveSessions } from './derive-sessions.ts';
import type { Engine } from './engine.ts';
import {
  insertDeadLettersSql,
  selectHeld,
  selectRecentIds,
  selectRecentSessions,
  selectStoredIds,
} from './event-statements.ts';
import type { EventStore, RowBatch, StoredSession } from './event-store.ts';
import { insertFacts } from './identity/insert-facts.ts';
import { toIdentityFacts } from './identity/to-identity-facts.ts';
import { insertRows, toInsertToken } from './insert-rows.ts';
import { markHours } from './rollups/mark-hours.ts';
import { storedColumns } from './row-binary/stored-columns.ts';
import { toRowBinary } from './row-binary/to-row-binary.ts';
import { toDeadLetterData } from './row-data.ts';

/** Ids asked for in one statement; keeps its parameters well under the engine's limits. */
const idsPerStatement = 1_000;

/** The store's writing side on ClickHouse: a server or chdb, by the engine given. */
export function createClickHouseEventStore(engine: Engine, clock: Clock = systemClock): EventStore {
  // Batches of several partitions, stored at the same time, share what follows their rows: it costs as much for one as for all.
  const derive = inOneGo((batches: readonly RowBatch[]) => engine.run(deriveSessions(batches)));
  const mark = inOneGo((batches: readonly RowBatch[]) => markHours(engine, batches, clock));
  return {
    async insert(batch) {
      // Before the rows: what a crash leaves behind of these is not given again, and its facts would be missing.
      await insertFacts(engine, toIdentityFacts(batch.rows));
      if (batch.rows.length > 0) {
        const bytes = await toRowBinary(batch.rows);
        await engine.insertBinary(insertRows('events', storedColumns, toInsertToken(batch, bytes)), bytes);
      }
      await derive(batch);
      await mark(batch);
    },
    async heldOf(uncommitted) {
      const { rows } = await engine.ask(selectHeld(uncommitted));
      return new Set(rows.map((place) => place.join(':')));
    },
    async recentIds(range, except, share) {
      return engine.askEach(selectRecentIds(range, except, share), ([projectId, eventId, at]) => ({
        projectId: String(projectId),
        eventId: String(eventId),
        receivedAt: Number(at),
      }));
    },
    async findIds(ids, except) {
      const found = new Set<string>();
      for (let at = 0; at < ids.length; at += idsPerStatement) {
        const { rows } = await engine.ask(selectStoredIds(ids.slice(at, at + idsPerStatement), except));
        for (const [id] of rows) found.add(String(id));
      }
      return found;
    },
    async recentSessions(since, except, max, share) {
      const statement = selectRecentSessions(since, except, max, share);
      return (await engine.askEach(statement, toStoredSession)).reverse();
    },
    async addDeadLetters(letters) {
      if (letters.length > 0) await engine.insert(insertDeadLettersSql(), toDeadLetterData(letters));
    },
    close: () => engine.close(),
  };
}

function toStoredSession(row: readonly unknown[]): StoredSession {
  const [projectId, personKey, sessionId, startAt, endAt, campaign, campaignAt, receivedDay] = row;
  return {
    projectId: String(projectId),
    personKey: String(personKey),
    sessionId: String(sessionId),
    startAt: Number(startAt),
    endAt: Number(endAt),
    campaign: String(campaign),
    campaignAt: Number(campaignAt),
    receivedDay: Number(receivedDay),
  };
}
