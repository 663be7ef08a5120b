import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import { runHistory } from '../../test/run-history.ts';
import { histories, plainHistories } from '../../test/session-histories.ts';
import { cutInOrder, type ModelEvent, toEnd, toModelSessions, toStart } from '../../test/session-model.ts';
import { createSessionizeStage } from '../stages/sessionize.ts';
import { createSessionBook } from './session-book.ts';

const timeoutMs = 30 * 60_000;
const day = 24 * 60 * 60 * 1000;

it('gives the sessions of the rules, whatever comes late, twice or is begun again after a crash', async () => {
  const crashes = fc.array(fc.record({ afterInserts: fc.nat(5), keep: fc.nat(255) }), { maxLength: 4 });
  const deliveries = fc.record({
    crashes,
    batchSize: fc.integer({ min: 1, max: 6 }),
    resends: fc.array(fc.record({ which: fc.nat(29), afterMs: fc.constantFrom(0, 60_000, 2 * day) }), { maxLength: 5 }),
    stops: fc.array(fc.nat(35), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(histories, deliveries, async (events, delivery) => {
      const { rows, sessions } = await runHistory(events, delivery);
      const ids = new Map(rows.map((row) => [row.event_id, row.session_id]));
      expect(rows.map((row) => row.event_id).sort()).toEqual(events.map(({ id }) => id).sort());

      const came = events.toSorted((a, b) => a.receivedAt - b.receivedAt);
      const model = toModelSessions(came, ({ id }) => ids.get(id) ?? '');
      for (const session of model) for (const { id } of session.events) expect(ids.get(id)).toBe(session.id);
      expect(sessions).toEqual(toBounds(model));
    }),
    { numRuns: 120 },
  );
}, 60_000);

it('cuts as a person would, as long as sessions begin in order and none comes with a gap of its own', () => {
  const orders = fc.array(fc.nat(), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(plainHistories, orders, (events, picks) => {
      const ideal = cutInOrder(events);
      const stage = createSessionizeStage({ book: createSessionBook({ maxSessions: 100 }), timeoutMs });
      const ids = new Map<ModelEvent, string>();
      for (const event of toConnectedOrder(ideal, picks)) ids.set(event, sessionize(stage, event));
      const cut = ideal.map((session) => new Set(session.map((event) => ids.get(event))));
      expect(cut.map((session) => session.size)).toEqual(ideal.map(() => 1));
      expect(new Set(ids.values()).size).toBe(ideal.length);
    }),
    { numRuns: 1_000 },
  );
});

/** Delivers the first events of sessions in order, and none more than the timeout from one of its session that came. */
function toConnectedOrder(sessions: readonly ModelEvent[][], picks: readonly number[]): ModelEvent[] {
  const came: ModelEvent[] = [];
  for (const pick of picks) {
    const begun = sessions.filter(([first]) => first !== undefined && came.includes(first));
    const possible = begun.flatMap((session) => {
      const theirs = session.filter((event) => came.includes(event));
      const isNear = (event: ModelEvent) => theirs.some((one) => Math.abs(one.at - event.at) <= timeoutMs);
      return session.filter((event) => !came.includes(event) && isNear(event));
    });
    const [nextFirst] = sessions[begun.length] ?? [];
    if (nextFirst !== undefined) possible.push(nextFirst);
    const next = possible[pick % possible.length];
    if (next !== undefined) came.push(next);
  }
  return came;
}

function sessionize(stage: ReturnType<typeof createSessionizeStage>, { at, campaign }: ModelEvent): string {
  const event = makePipelineEvent();
  event.timestamp = at;
  event.row.utm_campaign = campaign;
  return toRow(stage.run(event)).session_id;
}

function toBounds(sessions: ReturnType<typeof toModelSessions>): string[] {
  return sessions.map((session) => `${session.person} ${session.id} ${toStart(session)} ${toEnd(session)}`).sort();
}
