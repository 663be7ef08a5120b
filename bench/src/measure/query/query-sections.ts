import type { Section, Target } from '../../report/section.ts';
import { toFixed, toMib } from '../../report/spread.ts';
import type { AskedQuestion } from './asked-questions.ts';

/** How long one question took over one time. */
export interface AskedTimes extends AskedQuestion {
  readonly days: number;
  readonly p50: number;
  readonly p95: number;
  /** Of all threads, the median. */
  readonly cpuMs: number;
  readonly rowsRead: number;
  readonly isOver: boolean;
}

/** What was measured of one store. */
export interface MeasuredStore {
  readonly events: number;
  readonly persons: number;
  readonly joined: number;
  readonly eventBytes: number;
  readonly sessionBytes: number;
  /** The largest columns of `events`, as they are stored. */
  readonly columns: readonly { readonly name: string; readonly bytes: number }[];
  readonly peakBytes: number;
  readonly times: readonly AskedTimes[];
}

const limitMs = { dashboard: 300, funnel: 2_000 } as const;
/** At how many events the limits hold, and over which times of a dashboard. */
const demandedEvents = 9_000_000;
const demandedDays = 30;
const demandedBytes = 40;
const demandedPeakBytes = 1024 ** 3;

/** Writes what was measured of stores of several sizes, the smallest first. */
export function toSections(stores: readonly MeasuredStore[]): Section[] {
  return [...stores.map(toTimesSection), toSizeSection(stores), toColumnsSection(stores)];
}

function toTimesSection(store: MeasuredStore): Section {
  const days = [...new Set(store.times.map((one) => one.days))];
  const names = [...new Set(store.times.map((one) => one.name))];
  const rows = names.map((name) => {
    const own = store.times.filter((one) => one.name === name);
    const kind = own[0]?.kind ?? 'other';
    return [name, ...own.map(toCell), kind === 'other' ? '' : toFixed(limitMs[kind])];
  });
  return {
    title: `Questions of ${toMillions(store.events)} million events`,
    words:
      `p50 / p95 in ms, from the call in the process of the engine to its rows; CPU of all its threads in ms; rows read. ${toFixed(store.persons)} visitors over 90 days, ` +
      `of whom ${toFixed(store.joined)} ids joined a user; the project asked for has 19 of 20 events.`,
    header: ['', ...days.map((count) => `${count} days`), 'limit'],
    rows,
    targets: store.events < demandedEvents ? [] : toTargets(store),
  };
}

function toCell({ p50, p95, cpuMs, rowsRead, isOver }: AskedTimes): string {
  return isOver ? 'over its budget' : `${toFixed(p50)} / ${toFixed(p95)}; ${toFixed(cpuMs)}; ${toFixed(rowsRead)}`;
}

function toTargets(store: MeasuredStore): Target[] {
  const at = `${toMillions(store.events)} million events`;
  const toP95 = (kind: 'dashboard' | 'funnel', mostDays: number): Target => {
    const own = store.times.filter((one) => one.kind === kind && one.days <= mostDays);
    const slowest = own.toSorted((a, b) => b.p95 - a.p95)[0];
    const within = own.filter((one) => !one.isOver && one.p95 <= limitMs[kind]).length;
    return {
      what: `p95 of each ${kind} question, up to ${mostDays} days of ${at}`,
      atLeast: `<= ${toFixed(limitMs[kind])} ms`,
      measured: `${within} of ${own.length} within; slowest ${slowest?.name ?? ''}, ${slowest?.days ?? 0} days: ${toFixed(slowest?.p95 ?? Number.NaN)} ms`,
      isMet: within === own.length,
    };
  };
  return [
    toP95('dashboard', demandedDays),
    toP95('dashboard', 90),
    toP95('funnel', 90),
    {
      what: `bytes of an event on disk, ${at}`,
      atLeast: `<= ${demandedBytes}`,
      measured: toFixed(store.eventBytes / store.events, 1),
      isMet: store.eventBytes / store.events <= demandedBytes,
    },
    {
      what: `memory of the process that answers, ${at}`,
      atLeast: `<= ${toMib(demandedPeakBytes)} MiB`,
      measured: `${toMib(store.peakBytes)} MiB`,
      isMet: store.peakBytes <= demandedPeakBytes,
    },
  ];
}

function toSizeSection(stores: readonly MeasuredStore[]): Section {
  return {
    title: 'What generated events take',
    words:
      'Bytes of the active parts, all columns, marks and indexes included, when merges have come to rest; memory is the most that the process ' +
      'held (VmHWM) while it answered all of the above.',
    header: ['events', 'bytes an event', 'of sessions, an event', 'limit', 'peak MiB'],
    rows: stores.map((store) => [
      toFixed(store.events),
      toFixed(store.eventBytes / store.events, 1),
      toFixed(store.sessionBytes / store.events, 1),
      String(demandedBytes),
      toMib(store.peakBytes),
    ]),
    targets: [],
  };
}

function toColumnsSection(stores: readonly MeasuredStore[]): Section {
  const largest = stores.at(-1);
  return {
    title: 'Largest columns',
    words: `Compressed bytes an event, at ${toFixed(largest?.events ?? 0)} events.`,
    header: ['column', 'bytes an event'],
    rows: (largest?.columns ?? []).map(({ name, bytes }) => [name, toFixed(bytes / (largest?.events ?? 1), 2)]),
    targets: [],
  };
}

function toMillions(events: number): string {
  return toFixed(events / 1_000_000, 1);
}
