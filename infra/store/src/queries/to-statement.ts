import type { Question } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toBreakdown } from './breakdown.ts';
import { toEntryExitPages } from './entry-exit-pages.ts';
import { toEvents } from './events.ts';
import { toFunnel } from './funnel.ts';
import { toLiveVisitors } from './live-visitors.ts';
import { toOverview } from './overview.ts';
import { toPages } from './pages.ts';
import { toPaths } from './paths.ts';
import { toPersonTimeline } from './person-timeline.ts';
import { toPropertyKeys } from './property-keys.ts';
import { toPropertyValues } from './property-values.ts';
import { toRetention } from './retention.ts';
import { toSessionEvents } from './session-events.ts';
import { toSources } from './sources.ts';
import { toTimeseries } from './timeseries.ts';

/** What a statement depends on beside its question: the moment (epoch ms), and names of groups if no others are asked for. */
export interface Circumstances {
  readonly now: number;
  readonly only?: readonly string[] | undefined;
}

/** Gives the statement that answers a question for one project. */
export function toStatement(projectId: string, question: Question, { now, only }: Circumstances): Statement {
  switch (question.question) {
    case 'overview':
      return toOverview(projectId, question);
    case 'timeseries':
      return toTimeseries(projectId, question);
    case 'breakdown':
      return toBreakdown(projectId, question, only);
    case 'pages':
      return toPages(projectId, question, only);
    case 'entry_pages':
    case 'exit_pages':
      return toEntryExitPages(projectId, question, only);
    case 'sources':
      return toSources(projectId, question, only);
    case 'funnel':
      return toFunnel(projectId, question);
    case 'retention':
      return toRetention(projectId, question);
    case 'paths':
      return toPaths(projectId, question);
    case 'live_visitors':
      return toLiveVisitors(projectId, question, now);
    case 'property_keys':
      return toPropertyKeys(projectId, question);
    case 'property_values':
      return toPropertyValues(projectId, question);
    case 'events':
      return toEvents(projectId, question);
    case 'person_timeline':
      return toPersonTimeline(projectId, question);
    case 'session_events':
      return toSessionEvents(projectId, question);
  }
}
