import { toUuidV5 } from '@px-platform/runtime';
import { toCampaignKey } from '../channel/campaign-key.ts';
import type { Stage } from '../pipeline-event.ts';
import { findSession, fits } from '../sessions/find-session.ts';
import { keepClientId } from '../sessions/keep-client-id.ts';
import type { OpenSession, SessionBook } from '../sessions/session-book.ts';
import { toKnownSessions } from '../sessions/to-known-sessions.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Namespace of session ids, drawn once. */
const sessionNamespace = '6f9c5b0e-2d3a-4c58-9a53-0b8f1f0e7d21';

/** The nil UUID: who denied analytics has no session. */
const noSession = '00000000-0000-0000-0000-000000000000';

/**
 * Gives each event its session, by the rules of `docs/data-model.md`: the one the client names while that keeps to 24 h,
 * else the one that ran when it happened (`timeoutMs` without an event end it), else a new one, under the client's id
 * or under a function of project, person and session start, so that a replay gives the same id. Source: contract 4.
 */
export function createSessionizeStage(options: { book: SessionBook; timeoutMs: number }): Stage {
  const { book, timeoutMs } = options;
  return {
    name: 'sessionize',
    run(event) {
      const { record, timestamp, row } = event;
      const { project_id, person_key } = record;
      if (person_key === '') {
        row.session_id = noSession;
        return event;
      }
      const receivedDay = Math.floor(record.received_at / dayMs);
      const campaign = toCampaignKey(row);
      const entries = book.of(project_id, person_key);
      const sessions = toKnownSessions(entries, receivedDay);

      const own = keepClientId(event);
      const named = own === undefined ? undefined : sessions.find((session) => session.id === own);
      const isNamedNew = own !== undefined && named === undefined;
      let id = named !== undefined && fits(named, timestamp) ? named.id : undefined;
      if (isNamedNew) id = own;
      id ??= findSession(sessions, { timestamp, campaign, timeoutMs })?.id;
      id ??= toFreeId(sessions, [project_id, person_key, timestamp]);
      row.session_id = id;

      const entry = entries.find((one) => one.id === id && one.receivedDay === receivedDay);
      if (entry === undefined) {
        const begun = { id, receivedDay, startAt: timestamp, endAt: timestamp, campaign, campaignAt: timestamp };
        book.add(project_id, person_key, begun);
      } else {
        extend(entry, timestamp, campaign);
        book.touch(project_id, person_key, entry);
      }
      return event;
    },
  };
}

function extend(entry: OpenSession, timestamp: number, campaign: string): void {
  entry.startAt = Math.min(entry.startAt, timestamp);
  entry.endAt = Math.max(entry.endAt, timestamp);
  if (campaign === '' || (entry.campaign !== '' && entry.campaignAt <= timestamp)) return;
  entry.campaign = campaign;
  entry.campaignAt = timestamp;
}

/** Two campaigns in one millisecond are two sessions: the second has its number in its name. */
function toFreeId(sessions: readonly OpenSession[], name: readonly (string | number)[]): string {
  for (let number = 0; ; number += 1) {
    const id = toUuidV5(sessionNamespace, JSON.stringify(number === 0 ? name : [...name, number]));
    if (!sessions.some((session) => session.id === id)) return id;
  }
}
