import { afterAll, describe } from 'vitest';
import type { TestStore } from '../open-test-store.ts';
import { describeFunnel } from './describe-funnel.ts';
import { describeLiveVisitors } from './describe-live-visitors.ts';
import { describePaths } from './describe-paths.ts';
import { describeProperties } from './describe-properties.ts';
import { describeRetention } from './describe-retention.ts';
import { describeRollups } from './describe-rollups.ts';
import { describeRows } from './describe-rows.ts';
import { describeTraffic } from './describe-traffic.ts';
import { type HistoryStore, openHistory } from './open-history.ts';

/** Every question over one history, against what slow and obvious code says of the same events. */
export function describeQuestions(open: () => Promise<TestStore>): void {
  describe('a question about the history', () => {
    let opening: Promise<HistoryStore> | undefined;
    const openOnce = (): Promise<HistoryStore> => {
      opening ??= openHistory(open);
      return opening;
    };
    afterAll(async () => {
      const { engine } = await openOnce();
      await engine.run({ sql: 'SYSTEM START MERGES events', params: {} });
    });
    describeTraffic(openOnce);
    describeFunnel(openOnce);
    describeRetention(openOnce);
    describePaths(openOnce);
    describeLiveVisitors(openOnce);
    describeProperties(openOnce);
    describeRollups(openOnce);
    describeRows(openOnce);
  });
}
