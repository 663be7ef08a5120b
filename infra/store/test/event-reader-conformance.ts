import { describe } from 'vitest';
import { describeBreakdown } from './describe-breakdown.ts';
import { describeExport } from './describe-export.ts';
import { describeFilters } from './describe-filters.ts';
import { describeLive } from './describe-live.ts';
import { describeNobody } from './describe-nobody.ts';
import { describeSessions } from './describe-sessions.ts';
import { describeTimeseries } from './describe-timeseries.ts';
import { describeTrouble } from './describe-trouble.ts';
import type { TestStore } from './open-test-store.ts';
import { describeQuestions } from './questions/describe-questions.ts';

/** What every EventReader keeps to, over the store beside it; `open` gives both, and its owner closes them. */
export function describeEventReader(name: string, open: () => Promise<TestStore>): void {
  describe(`${name} as an EventReader`, () => {
    describeTimeseries(open);
    describeBreakdown(open);
    describeFilters(open);
    describeExport(open);
    describeLive(open);
    describeSessions(open);
    describeNobody(open);
    describeTrouble(open);
    describeQuestions(open);
  });
}
