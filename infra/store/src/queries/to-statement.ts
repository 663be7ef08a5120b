import type { Question } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toBreakdown } from './breakdown.ts';
import { toEvents } from './events.ts';
import { toTimeseries } from './timeseries.ts';

/** Gives the statement that answers a question for one project. */
export function toStatement(projectId: string, question: Question): Statement {
  switch (question.question) {
    case 'timeseries':
      return toTimeseries(projectId, question);
    case 'breakdown':
      return toBreakdown(projectId, question);
    case 'events':
      return toEvents(projectId, question);
  }
}
