import { type EventRow, questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import { storeEvents } from '../store-events.ts';
import type { AskHistory, HistoryStore } from './open-history.ts';
import { inOrder } from './select-rows.ts';

const march = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
const isInMarch = (row: EventRow): boolean =>
  row.timestamp >= Date.parse(march.from) && row.timestamp < Date.parse(march.to);

/** Events of one person and of one session, against the rows themselves. */
export function describeRows(open: () => Promise<HistoryStore>): void {
  describe('rows', () => {
    let rows: EventRow[];
    let ask: AskHistory;
    beforeAll(async () => {
      ({ rows, ask } = await open());
    });
    const listIds = async (question: object): Promise<unknown[]> => {
      const answer = await ask({ ...march, ...question });
      return answer.rows.map((row) => row[answer.columns.indexOf('event_id')]);
    };
    const toIds = (of: readonly EventRow[]): string[] => inOrder(of).map((row) => row.event_id);

    it('of a person are theirs, the newest first, each once', async () => {
      const byPerson = Map.groupBy(rows.filter(isInMarch), (row) => row.person_key);
      const [[person, own] = ['', []]] = [...byPerson].toSorted(([, a], [, b]) => b.length - a.length);
      const newest = toIds(own).toReversed();
      expect(newest.length).toBeGreaterThan(20);
      expect(await listIds({ question: 'person_timeline', person })).toEqual(newest);
      expect(await listIds({ question: 'person_timeline', person, limit: 5 })).toEqual(newest.slice(0, 5));
      const views = toIds(own.filter((row) => row.event === 'page_view')).toReversed();
      expect(await listIds({ question: 'person_timeline', person, event: 'page_view' })).toEqual(views);
      expect(await listIds({ question: 'person_timeline', person: `${person}0'` })).toEqual([]);
    });

    it('of a session are its own, in order, as far as they lie in the time asked for', async () => {
      const bySession = Map.groupBy(rows, (row) => row.session_id);
      const sessions = [...bySession].filter(([, own]) => own.length > 5 && own.some(isInMarch)).slice(0, 10);
      expect(sessions).toHaveLength(10);
      for (const [session_id, own] of sessions) {
        expect(await listIds({ question: 'session_events', session_id })).toEqual(toIds(own.filter(isInMarch)));
      }
      const session_id = '0190cccc-0000-7000-8000-999999999999';
      expect(await listIds({ question: 'session_events', session_id })).toEqual([]);
    });

    it('of one millisecond stand in the order of their ids as texts, which is that of time in UUIDv7', async () => {
      const projectId = 'prj_one_ms';
      const { store, reader } = await open();
      const ids = [
        '0190aaaa-0000-7000-9000-000000000000',
        '0190aaaa-0000-7001-8000-000000000000',
        '0190aaaa-0001-7000-8000-000000000000',
      ];
      const session_id = '0190cccc-0000-7000-8000-000000000001';
      const own = { anonymous_id: 'ann', person_key: 'ann', session_id, timestamp: Date.parse(march.from) };
      const views = ids.map((event_id, at) => ({ ...own, event: 'page_view', event_id, path: `/${at}` }));
      await storeEvents(store, { projectId, partition: 900 }, views.toReversed());
      const told = async (question: object, column: string): Promise<unknown[]> => {
        const answer = await reader.ask(projectId, questionSchema.parse({ ...march, ...question }));
        return answer.rows.map((row) => row[answer.columns.indexOf(column)]);
      };
      expect(await told({ question: 'session_events', session_id }, 'event_id')).toEqual(ids);
      expect(await told({ question: 'person_timeline', person: 'ann' }, 'event_id')).toEqual(ids.toReversed());
      expect(await told({ question: 'entry_pages' }, 'path')).toEqual(['/0']);
      expect(await told({ question: 'exit_pages' }, 'path')).toEqual(['/2']);
      expect(await told({ question: 'paths', start: '/0' }, 'to_path')).toEqual(['/1', '/2', '']);
    });
  });
}
