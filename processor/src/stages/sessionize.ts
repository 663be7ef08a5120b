import { toUuidV5 } from '@px-platform/runtime';
import { toCampaignKey } from '../channel/campaign-key.ts';
import type { PipelineEvent, Stage } from '../pipeline-event.ts';
import type { OpenSession, SessionBook } from '../sessions/session-book.ts';

const maxSessionMs = 24 * 60 * 60 * 1000;

/** Namespace of session ids, drawn once. */
const sessionNamespace = '6f9c5b0e-2d3a-4c58-9a53-0b8f1f0e7d21';

/**
 * Gives each event its session: it ends after `timeoutMs` without an event or at 24 h, and a new campaign
 * starts one. The client's own id is kept while it keeps to 24 h; otherwise the id is a function of
 * project, person and session start, so that a replay gives the same id. Source: contract 4.
 */
export function createSessionizeStage(options: { book: SessionBook; timeoutMs: number }): Stage {
  const { book, timeoutMs } = options;
  return {
    name: 'sessionize',
    run(event) {
      const { record, timestamp } = event;
      const campaign = toCampaignKey(event.row);
      const sessions = book.of(record.project_id, record.person_key);
      const own = event.event.session_id ?? record.session_id;
      const session =
        findOwn(sessions, own, timestamp) ??
        (isFree(sessions, own) ? undefined : findOpen(sessions, event, campaign, timeoutMs));
      if (session === undefined) {
        const id = isFree(sessions, own) ? own : toSessionId(record.project_id, record.person_key, timestamp);
        book.add(record.project_id, record.person_key, { id, startAt: timestamp, endAt: timestamp, campaign });
        event.row.session_id = id;
        return event;
      }
      session.startAt = Math.min(session.startAt, timestamp);
      session.endAt = Math.max(session.endAt, timestamp);
      if (session.campaign === '') session.campaign = campaign;
      event.row.session_id = session.id;
      return event;
    },
  };
}

/** The client's session, as long as the event keeps it under 24 h. */
function findOwn(
  sessions: readonly OpenSession[],
  own: string | undefined,
  timestamp: number,
): OpenSession | undefined {
  return sessions.find((session) => session.id === own && fits(session, timestamp));
}

/** Says whether the client gave an id that no session of the person bears yet. */
function isFree(sessions: readonly OpenSession[], own: string | undefined): own is string {
  return own !== undefined && !sessions.some((session) => session.id === own);
}

/** The latest session that the event falls into, or close enough to. */
function findOpen(
  sessions: readonly OpenSession[],
  event: PipelineEvent,
  campaign: string,
  timeoutMs: number,
): OpenSession | undefined {
  const { timestamp } = event;
  return sessions.findLast(
    (session) =>
      timestamp >= session.startAt - timeoutMs &&
      timestamp <= session.endAt + timeoutMs &&
      fits(session, timestamp) &&
      (campaign === '' || campaign === session.campaign),
  );
}

function fits(session: OpenSession, timestamp: number): boolean {
  return Math.max(session.endAt, timestamp) - Math.min(session.startAt, timestamp) <= maxSessionMs;
}

function toSessionId(projectId: string, personKey: string, startAt: number): string {
  return toUuidV5(sessionNamespace, JSON.stringify([projectId, personKey, startAt]));
}
