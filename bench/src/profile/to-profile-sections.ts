import type { Section } from '../report/section.ts';
import { toFixed } from '../report/spread.ts';
import type { FunctionTime } from './read-profile.ts';
import { toArea } from './to-area.ts';

const topFunctions = 25;
const smallestArea01 = 0.005;

/** What a profile was taken of. */
export interface ProfiledWork {
  /** The process and what it did. */
  readonly title: string;
  /** From when to when. */
  readonly span: string;
  /** What the time is divided by: its name, and how many. */
  readonly unit: string;
  readonly units: number;
}

/** Says where a JavaScript thread's time went, by part of the house and by function; waiting is left out. */
export function toProfileSections(times: readonly FunctionTime[], work: ProfiledWork): Section[] {
  const { title, span, unit, units } = work;
  const busy = times.filter(({ name }) => name !== '(idle)');
  const busyMs = busy.reduce((sum, { selfMs }) => sum + selfMs, 0);
  const areas = new Map<string, number>();
  for (const time of busy) areas.set(toArea(time), (areas.get(toArea(time)) ?? 0) + time.selfMs);
  const toCells = (ms: number): string[] => [`${toFixed((ms / busyMs) * 100, 1)} %`, toFixed((ms * 1_000) / units, 1)];
  return [
    {
      title: `By part, ${title}`,
      words: `Self time on the process's JavaScript thread, ${span}, waiting left out: ${toFixed(busyMs)} ms.`,
      header: ['part', 'share', `µs a ${unit}`],
      rows: [...areas]
        .filter(([, ms]) => ms / busyMs >= smallestArea01)
        .sort(([, a], [, b]) => b - a)
        .map(([area, ms]) => [area, ...toCells(ms)]),
      targets: [],
    },
    {
      title: `By function, ${title}`,
      words: 'The functions with the most self time.',
      header: ['function', 'where', 'share', `µs a ${unit}`],
      rows: busy.slice(0, topFunctions).map(({ name, place, selfMs }) => [`\`${name}\``, place, ...toCells(selfMs)]),
      targets: [],
    },
  ];
}
