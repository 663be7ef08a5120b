import type { Question } from '@px-platform/schemas';
import { toComparedRange } from './compared-range.ts';

/** One statement of a question: of one segment and one time, named by its labels. */
export interface Leg {
  /** Values of the columns that stand before the answer's own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly question: Question;
}

/**
 * Gives what is asked one after the other: a leg for each segment, and each of these again for the time compared with,
 * right behind the first. Labels are `segment` and `period` (`current`, `compared`), where asked for.
 */
export function toLegs(question: Question): Leg[] {
  if (!('segments' in question) || question.segments === undefined) return toPeriods({}, question);
  return question.segments.flatMap(({ name, filters }) =>
    toPeriods({ segment: name }, { ...question, filters: [...question.filters, ...filters] }),
  );
}

function toPeriods(labels: Leg['labels'], question: Question): Leg[] {
  if (!('compare' in question)) return [{ labels, question }];
  const compared = toComparedRange(question);
  if (compared === null) return [{ labels, question }];
  return [
    { labels: { ...labels, period: 'current' }, question },
    { labels: { ...labels, period: 'compared' }, question: { ...question, ...compared } },
  ];
}
