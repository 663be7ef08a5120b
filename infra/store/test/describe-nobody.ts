import { questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestStore } from './open-test-store.ts';
import { storeEvents } from './store-events.ts';

const projectId = 'prj_nobody';
const nobody = { anonymous_id: '', person_key: '', session_id: '00000000-0000-0000-0000-000000000000' };
const at = Date.UTC(2026, 4, 1, 10);

/** Events of visitors who denied analytics: they count as events and views, and as no visitor and no session. */
export function describeNobody(open: () => Promise<TestStore>): void {
  describe('events that are nobody’s', () => {
    let test: TestStore;
    beforeAll(async () => {
      test = await open();
      await storeEvents(test.store, { projectId, partition: 61 }, [
        { timestamp: at, path: '/a' },
        { timestamp: at + 60_000, path: '/b' },
        ...['/a', '/b', '/a', '/a'].map((path, n) => ({ ...nobody, timestamp: at + n * 1_000, path })),
      ]);
    });
    const ask = async (question: object): Promise<unknown[][]> => {
      const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
      return (await test.reader.ask(projectId, questionSchema.parse({ ...range, ...question }))).rows;
    };

    it('count in an overview as events and views alone', async () => {
      expect(await ask({ question: 'overview' })).toEqual([[1, 1, 6, 6, 0, 60_000]]);
    });

    it('count as views of a page, in a breakdown and a time series, without visitor or session', async () => {
      expect(await ask({ question: 'pages' })).toEqual([
        ['/a', 4, 1, 1],
        ['/b', 2, 1, 1],
      ]);
      expect(await ask({ question: 'breakdown', by: 'event' })).toEqual([['page_view', 6, 1, 1]]);
      const [first] = await ask({ question: 'timeseries', interval: 'day' });
      expect(first?.slice(1)).toEqual([6, 1, 1]);
    });

    it('begin and end no session, come from nowhere, walk no path', async () => {
      expect(await ask({ question: 'entry_pages' })).toEqual([['/a', 1, 1, 0, 60_000]]);
      expect(await ask({ question: 'sources', by: 'channel' })).toEqual([['direct', 1, 1, 2, 0, 60_000]]);
      expect(await ask({ question: 'paths', start: '/b' })).toEqual([[1, '/b', '', 1]]);
    });

    it('reach no step and come back never', async () => {
      const steps = [{ event: 'page_view' }, { event: 'page_view' }];
      expect((await ask({ question: 'funnel', steps })).map((row) => row[2])).toEqual([1, 1]);
      const [first] = await ask({ question: 'retention', interval: 'day', periods: 1 });
      expect(first?.slice(1, 4)).toEqual([0, 1, 1]);
    });

    it('leave no row in `sessions` and are not warmed', async () => {
      const { rows } = await test.engine.ask({
        sql: "SELECT DISTINCT person_key FROM sessions WHERE project_id = 'prj_nobody'",
        params: {},
      });
      expect(rows).toEqual([['anna']]);
      const sessions = await test.store.recentSessions(at, [], 100);
      expect(sessions.filter((session) => session.personKey === '')).toEqual([]);
    });
  });
}
