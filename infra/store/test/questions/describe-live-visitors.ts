import { type EventRow, questionSchema } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClickHouseEventReader } from '../../src/clickhouse-event-reader.ts';
import { defaultQueryBudget } from '../../src/queries/budget.ts';
import { historyProject } from './history.ts';
import type { HistoryStore } from './open-history.ts';
import { countDistinct, inOrder, inRank } from './select-rows.ts';

/** Live visitors, asked at several moments of the history, against a count of the same rows. */
export function describeLiveVisitors(open: () => Promise<HistoryStore>): void {
  describe('live visitors', () => {
    let test: HistoryStore;
    beforeAll(async () => {
      test = await open();
    });
    const askAt = async (now: number, own: object): Promise<unknown[][]> => {
      const reader = createClickHouseEventReader(test.engine, defaultQueryBudget, () => now);
      return (await reader.ask(historyProject, questionSchema.parse({ question: 'live_visitors', ...own }))).rows;
    };
    const activeAt = (now: number, minutes: number): EventRow[] =>
      inOrder(test.rows.filter((row) => row.timestamp >= now - minutes * 60_000 && row.timestamp <= now + 60_000));

    it.each([0.1, 0.35, 0.5, 0.8])('are who did something just before, at %f of the history', async (part) => {
      const now = test.rows.map((row) => row.timestamp).toSorted((a, b) => a - b)[Math.floor(test.rows.length * part)];
      if (now === undefined) throw new Error('no history');
      const active = activeAt(now, 60);
      const count = (of: EventRow[]): number[] => [
        countDistinct(of.map((row) => row.person_key)),
        countDistinct(of.map((row) => `${row.person_key} ${row.session_id}`)),
        of.length,
      ];
      expect(active.length).toBeGreaterThan(0);
      expect(await askAt(now, { minutes: 60 })).toEqual([count(active)]);
      const last = new Map(active.map((row) => [row.person_key, row.path]));
      const byPath = Map.groupBy(active, (row) => last.get(row.person_key) ?? '');
      const groups = [...byPath].map(([path, of]): [string, ...number[]] => [path, ...count(of)]);
      expect(await askAt(now, { minutes: 60, by: 'path' })).toEqual(inRank(groups, 1));
    });

    it('are none where nobody did', async () => {
      expect(await askAt(Date.UTC(2020, 0, 1), {})).toEqual([[0, 0, 0]]);
    });
  });
}
