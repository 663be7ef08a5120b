import type { EventRow } from '@px-platform/schemas';
import { copiesOf, historyProject, makeHistory } from '../questions/history.ts';
import { sampleId, sampleRow } from '../sample-row.ts';

/** What an analyst finds: `rows` each once, in the order in which they were made; `copies` of some come later. */
export interface Seed {
  readonly rows: readonly EventRow[];
  readonly copies: readonly EventRow[];
}

/**
 * Gives the history of the questions, with logins of every fourth person (whose id becomes a user's), a second device of user
 * 0, a login that names nobody, a second user on a device, and two groups.
 */
export function makeSeed(): Seed {
  const history = makeHistory();
  const said: EventRow[] = [];
  const say = (person: number, own: Partial<EventRow>): void => {
    const key = `person ${person}`;
    const last = Math.max(...history.filter((row) => row.person_key === key).map((row) => row.timestamp));
    const timestamp = last + 3_600_000 + said.length;
    said.push(
      sampleRow({
        project_id: historyProject,
        event_id: sampleId(700_000 + said.length),
        session_id: sampleId(800_000 + said.length),
        anonymous_id: key,
        person_key: key,
        path: '/login',
        timestamp,
        received_at: timestamp,
        day: new Date(timestamp).toISOString().slice(0, 10),
        _log: 'log-history',
        _offset: history.length + said.length,
        ...own,
      }),
    );
  };
  for (let person = 0; person < 200; person += 4) {
    const traits = { plan: person % 8 === 0 ? 'pro' : 'free' };
    say(person, { event: 'identify', user_id: `user ${person}`, traits });
    if (person % 12 !== 0) continue;
    const group = person % 24 === 0 ? { id: 'acme', name: 'Acme' } : { id: 'globex', name: 'Globex' };
    const properties = { group_id: group.id };
    say(person, { event: 'group', user_id: `user ${person}`, properties, traits: { name: group.name } });
  }
  say(1, { event: 'identify', user_id: 'user 0' });
  say(2, { event: 'identify', user_id: 'null' });
  say(4, { event: 'identify', user_id: 'user 8', timestamp: Date.UTC(2026, 5, 1) });
  return { rows: [...history, ...said], copies: copiesOf(history) };
}
