import type { Question } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toBreakdown } from './breakdown.ts';
import { toEntryExitPages } from './entry-exit-pages.ts';
import { toEvents } from './events.ts';
import { toOverview } from './overview.ts';
import { toPages } from './pages.ts';
import { toPersonTimeline } from './person-timeline.ts';
import { toSessionEvents } from './session-events.ts';
import { toSources } from './sources.ts';
import { toTimeseries } from './timeseries.ts';

/** Gives the statement that answers a question for one project; of its groups, those named in `only` where it is given. */
export function toStatement(projectId: string, question: Question, only?: readonly string[]): Statement {
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
    case 'events':
      return toEvents(projectId, question);
    case 'person_timeline':
      return toPersonTimeline(projectId, question);
    case 'session_events':
      return toSessionEvents(projectId, question);
  }
}
