import type { EventRow } from '@px-platform/schemas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AskHistory, HistoryStore } from './open-history.ts';
import { referRetention } from './reference-retention.ts';

const range = { from: '2026-03-14T23:00:00Z', to: '2026-04-27T09:30:00Z' };
const bounds = { from: Date.parse(range.from), to: Date.parse(range.to) };

/** Retention against the reference. */
export function describeRetention(open: () => Promise<HistoryStore>): void {
  describe('retention', () => {
    let rows: EventRow[];
    let ask: AskHistory;
    beforeAll(async () => {
      ({ rows, ask } = await open());
    });

    describe.each(['first_time', 'recurring'] as const)('of a %s cohort', (cohort) => {
      it.each([
        ['day', 'Europe/Berlin', 30],
        ['week', 'America/New_York', 12],
        ['month', 'Asia/Kolkata', 3],
        ['week', 'UTC', 1],
      ] as const)('by %s in %s tells who came back', async (interval, timezone, periods) => {
        const common = { cohort, interval, timezone, periods };
        const all = await ask({ question: 'retention', ...range, ...common });
        const always = (): boolean => true;
        expect(all.columns).toEqual(['cohort', 'period', 'cohort_visitors', 'visitors', 'rate01']);
        expect(all.rows).toEqual(referRetention(rows, { ...bounds, ...common, isStart: always, isReturn: always }));
        const named = await ask({
          question: 'retention',
          ...range,
          ...common,
          start_event: 'signup',
          return_event: 'purchase',
          filters: [{ field: 'country', op: 'in', value: ['DE', 'FR'] }],
        });
        const expected = referRetention(
          rows.filter((row) => row.country === 'DE' || row.country === 'FR'),
          {
            ...bounds,
            ...common,
            isStart: (row) => row.event === 'signup',
            isReturn: (row) => row.event === 'purchase',
          },
        );
        expect(named.rows).toEqual(expected);
      });
    });

    it('leaves who was there before out of the first-time cohorts', async () => {
      const size = async (cohort: string): Promise<number> => {
        const answer = await ask({ question: 'retention', ...range, interval: 'month', cohort });
        return Number(answer.rows[0]?.[2]);
      };
      expect(await size('first_time')).toBeLessThan(await size('recurring'));
    });
  });
}
