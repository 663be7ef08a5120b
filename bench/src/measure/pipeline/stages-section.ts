import type { Section } from '../../report/section.ts';
import { toFixed } from '../../report/spread.ts';
import { countEvents, type Rounds, toCpuUs, toRate } from './rounds.ts';

/** Says what each stage takes of an event. */
export function toStagesSection(all: readonly Rounds[]): Section {
  const names = Object.keys(all[0]?.rows.stages ?? {});
  const toUs = ({ rows }: Rounds, stage: string): number =>
    ((rows.stages[stage] ?? 0) / countEvents(rows.chunks)) * 1e6;
  return {
    title: 'From log to row, by stage',
    words:
      'The same runs without a store, µs an event by the clock, which also counts what others had of the core meanwhile. In all: with the reading of the ' +
      'log and the gathering of batches around the stages; on the CPU, with what collects garbage on other threads.',
    header: ['stage', ...all.map(({ batchRows }) => `batches of ${toFixed(batchRows)}`)],
    rows: [
      ...names.map((name) => [name, ...all.map((one) => toFixed(toUs(one, name), 2))]),
      ['in all, by the clock', ...all.map(({ rows }) => toFixed(1e6 / toRate(rows.chunks), 2))],
      ['in all, on the CPU', ...all.map(({ rows }) => toFixed(toCpuUs(rows.chunks), 2))],
    ],
    targets: [],
  };
}
