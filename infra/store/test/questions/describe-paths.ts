import type { EventRow } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AskHistory, HistoryStore } from './open-history.ts';
import { type Selection, selectSessions } from './select-rows.ts';

const range = { from: '2026-03-10T00:00:00Z', to: '2026-04-10T00:00:00Z' };
const bounds = { from: Date.parse(range.from), to: Date.parse(range.to) };

/** Paths against a reference that walks each session page by page. */
export function describePaths(open: () => Promise<HistoryStore>): void {
  describe('paths', () => {
    let rows: EventRow[];
    let ask: AskHistory;
    beforeAll(async () => {
      ({ rows, ask } = await open());
    });

    function refer(
      selection: Selection,
      { start, depth, limit }: { start: string; depth: number; limit: number },
    ): unknown[][] {
      const counts = new Map<string, number>();
      for (const session of selectSessions(rows, selection)) {
        const views = session.filter((row) => row.event === 'page_view').map((row) => row.path);
        const pages = views.filter((path, at) => path !== views[at - 1]);
        const first = pages.indexOf(start);
        if (first === -1) continue;
        for (let step = 1; step <= depth; step++) {
          const from = pages[first + step - 1];
          if (from === undefined) break;
          const move = JSON.stringify([step, from, pages[first + step] ?? '']);
          counts.set(move, (counts.get(move) ?? 0) + 1);
        }
      }
      const moves = [...counts].map(([move, count]): [number, string, string, number] => {
        const [step, from, to] = JSON.parse(move);
        return [step, from, to, count];
      });
      const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
      const ranked = moves.toSorted((a, b) => a[0] - b[0] || b[3] - a[3] || compare(a[1], b[1]) || compare(a[2], b[2]));
      return ranked.filter((move, at) => ranked.slice(0, at).filter(([step]) => step === move[0]).length < limit);
    }

    it.each([
      ['/pricing', 1, 100],
      ['/', 5, 100],
      ["/o'brien", 3, 4],
      ['/größe', 2, 10],
      ['/nowhere', 5, 10],
    ])('from %s, %i deep, at most %i a step, are those of the sessions', async (start, depth, limit) => {
      const answer = await ask({ question: 'paths', ...range, start, depth, limit });
      expect(answer.columns).toEqual(['step', 'from_path', 'to_path', 'sessions']);
      expect(answer.rows).toEqual(refer(bounds, { start, depth, limit }));
    });

    it('are those of sessions with an event that passes the filters', async () => {
      const filters = [{ field: 'event', op: 'eq', value: 'purchase' }];
      const answer = await ask({ question: 'paths', ...range, start: '/docs', filters });
      const keep = (row: EventRow): boolean => row.event === 'purchase';
      expect(answer.rows).toEqual(refer({ ...bounds, keep }, { start: '/docs', depth: 3, limit: 10 }));
    });
  });
}
