import { type QuestionOf, sourceFields } from '@px-platform/schemas';
import { engagedMs, isPageView } from '../../queries/measures.ts';
import { eventMsOfHour } from '../hour.ts';

/** Columns of `events` that hardly vary within a session: a stay has one value of each. */
export const stayDimensions = ['country', 'device', 'browser', 'os', 'is_bot'] as const;

/** A dimension of stays. */
export type StayDimension = (typeof stayDimensions)[number];

/** What makes events one stay, beside their hour: whose session they are of, which user they name, and where they happened. */
export const stayKeys = ['session', 'person_key_hash', 'user_hash', ...stayDimensions] as const;

/** A field by which sessions are told apart that came from elsewhere. */
export type SourceField = QuestionOf<'sources'>['by'];

/** What is told of a stay beside its keys: its column is `stays.x`, and `stay_x` where stays are rows. */
export type StayMeasure =
  | 'events'
  | 'views'
  | 'engaged_ms'
  | 'first_ms'
  | 'last_ms'
  | 'entry_path'
  | 'exit_path'
  | StayRank
  | SourceField;

/** The place of a stay among those of its session in the hour: by its first event, its first page view, its last one. */
export type StayRank = 'first_rank' | 'entry_rank' | 'exit_rank';

const ranks = ['first_rank', 'entry_rank', 'exit_rank'] as const;

/** All of them, in the order in which they are inserted. */
export const stayMeasures: readonly StayMeasure[] = [
  'events',
  'views',
  'engaged_ms',
  'first_ms',
  'last_ms',
  'entry_path',
  'exit_path',
  ...ranks,
  ...sourceFields,
];

/** By what a rank orders, worked out of a stay's events; `event_order` is `eventOrder`. */
const orders: Readonly<Record<StayRank, string>> = {
  first_rank: 'min(event_order)',
  entry_rank: `minIf(event_order, ${isPageView})`,
  exit_rank: `maxIf(event_order, ${isPageView})`,
};

const told = {
  events: 'toUInt32(count())',
  views: `toUInt32(countIf(${isPageView}))`,
  engaged_ms: `sum(${engagedMs})`,
  // From the start of the hour.
  first_ms: `toUInt32(min(${eventMsOfHour}))`,
  last_ms: `toUInt32(max(${eventMsOfHour}))`,
  entry_path: `argMinIf(path, event_order, ${isPageView})`,
  exit_path: `argMaxIf(path, event_order, ${isPageView})`,
};

/** Gives what is worked out of a stay's events for one measure: a column, for a rank the order that it is found by. */
export function toStayColumn(measure: StayMeasure): string {
  if (isRank(measure)) return `${orders[measure]} AS ${measure}_order`;
  if (measure in told) return `${told[measure as keyof typeof told]} AS stay_${measure}`;
  return `argMin(toString(${measure}), event_order) AS stay_${measure}`;
}

/** Gives one measure of stays that are rows of `toStayColumn`. Two stays without a page view have one rank: nobody asks for it. */
export function toStayValue(measure: StayMeasure): string {
  if (!isRank(measure)) return `stay_${measure}`;
  return `toUInt32(rank() OVER (PARTITION BY at, session ORDER BY ${measure}_order) - 1) AS stay_${measure}`;
}

function isRank(measure: StayMeasure): measure is StayRank {
  return ranks.some((rank) => rank === measure);
}
