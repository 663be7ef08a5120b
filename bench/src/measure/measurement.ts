import type { Section } from '../report/section.ts';

/** How long to measure: `full` for figures, `quick` to see that it works. */
export interface Effort {
  /** Rounds of each case, of which minimum and median are told. */
  readonly rounds: number;
  /** Events in one round of ingest, at most; less on a machine that would need longer than `secondsPerRound`. */
  readonly eventsPerRound: number;
  readonly requestsPerRound: number;
  readonly secondsPerRound: number;
  readonly sustainSeconds: number;
  readonly insertRows: number;
  /** Events of the reference mix that pass the pipeline, in chunks of a tenth. */
  readonly mixEvents: number;
  /** Events of a round that lie in Kafka's topic. */
  readonly topicEvents: number;
  readonly freshSeconds: number;
  /** Of watching processes that have nothing to do. */
  readonly idleSeconds: number;
  readonly tries: number;
  readonly trackCalls: number;
  /** Fresh pages of each SDK and each speed of the CPU. */
  readonly pages: number;
  /** Sizes of the stores that are asked questions, in events. */
  readonly queryEvents: readonly number[];
  /** How often each question is asked, after a first time that doesn't count. */
  readonly queryTries: number;
}

export const fullEffort: Effort = {
  rounds: 3,
  eventsPerRound: 100_000,
  requestsPerRound: 24_000,
  secondsPerRound: 4,
  sustainSeconds: 60,
  insertRows: 100_000,
  mixEvents: 1_000_000,
  topicEvents: 200_000,
  freshSeconds: 30,
  idleSeconds: 30,
  tries: 30,
  trackCalls: 500,
  pages: 5,
  queryEvents: [1_000_000, 10_000_000],
  queryTries: 20,
};

export const quickEffort: Effort = {
  rounds: 3,
  eventsPerRound: 20_000,
  requestsPerRound: 5_000,
  secondsPerRound: 1,
  sustainSeconds: 10,
  insertRows: 20_000,
  mixEvents: 20_000,
  topicEvents: 30_000,
  freshSeconds: 5,
  idleSeconds: 5,
  tries: 8,
  trackCalls: 200,
  pages: 2,
  queryEvents: [100_000],
  queryTries: 5,
};

/** One question of the benchmark. `say` tells the person who waits what is done now. */
export type Measurement = (effort: Effort, say: (line: string) => void) => Promise<readonly Section[]>;
