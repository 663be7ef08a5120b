import type { Section } from '../../report/section.ts';
import { toFixed, toMib } from '../../report/spread.ts';
import { countEvents, type Rounds, toCpuUs, toRate } from './rounds.ts';

const leastEventsPerSecond = 25_000;
const leastOfEngine = 0.5;
const maxBytes = 1024 ** 3;

/** Says how fast the mix goes from log to row and to the store, beside the engine alone, and how that changes as data grows. */
export function toSpeedSection(all: readonly Rounds[]): Section {
  const largest = all.at(-1);
  if (largest === undefined) throw new RangeError('Nothing was measured.');
  const rate = 1e6 / toCpuUs(largest.rows.chunks);
  const ofEngine = toRate(largest.stored.chunks) / toRate(largest.engine.chunks);
  return {
    title: 'From log to row, and to the store',
    words:
      `The reference mix (\`bench/src/mix\`: page views, clicks, scrolls and a few events of the site's own, 1.5 a record, ${toBytesEach(largest)} bytes ` +
      'of JSON an event in the log) as one loop of the processor takes it from a log in memory. *Rows*: nobody keeps them. *Stored*: into an embedded ' +
      'store, sessions and identity included. *Engine*: limit, the same rows as bytes made ready before, inserted into `events` and nothing else. A core ' +
      'takes what 1 s of CPU time takes. First and last are tenths of the events, where the store is empty and where it is fullest.',
    header: [
      'events',
      'batch',
      'rows/s',
      'rows per core s',
      'stored/s',
      'stored per core s',
      'engine/s',
      'engine per core s',
      'stored of engine, by the clock / by CPU',
      'stored/s first, last tenth',
      'engine/s first, last tenth',
      'peak MiB, stored',
    ],
    rows: all.map(toRow),
    targets: [
      {
        what: 'events/s of a core from log to row',
        atLeast: toFixed(leastEventsPerSecond),
        measured: toFixed(rate),
        isMet: rate >= leastEventsPerSecond,
      },
      {
        what: 'events/s to the store, of what the engine alone inserts',
        atLeast: toFixed(leastOfEngine, 2),
        measured: toFixed(ofEngine, 2),
        isMet: ofEngine >= leastOfEngine,
      },
      {
        what: 'peak of memory of a process with processor and engine',
        atLeast: `<= ${toMib(maxBytes)} MiB`,
        measured: `${toMib(largest.stored.peakBytes)} MiB`,
        isMet: largest.stored.peakBytes <= maxBytes,
      },
    ],
  };
}

function toRow({ batchRows, rows, stored, engine }: Rounds): string[] {
  const ends = (chunks: Rounds['rows']['chunks']): string =>
    [chunks.slice(0, 1), chunks.slice(-1)].map((one) => toFixed(toRate(one))).join(', ');
  return [
    toFixed(countEvents(rows.chunks)),
    toFixed(batchRows),
    ...[rows, stored, engine].flatMap(({ chunks }) => [toFixed(toRate(chunks)), toFixed(1e6 / toCpuUs(chunks))]),
    [toRate(stored.chunks) / toRate(engine.chunks), toCpuUs(engine.chunks) / toCpuUs(stored.chunks)]
      .map((ratio) => toFixed(ratio, 2))
      .join(' / '),
    ends(stored.chunks),
    ends(engine.chunks),
    toMib(stored.peakBytes),
  ];
}

function toBytesEach({ rows }: Rounds): string {
  return toFixed(rows.chunks.reduce((sum, { bytes }) => sum + bytes, 0) / countEvents(rows.chunks));
}
