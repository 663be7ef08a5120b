/** A demand, and whether this run met it. */
export interface Target {
  readonly what: string;
  readonly atLeast: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** What one measurement has to say: a table, the words before it, and the demands it answers. */
export interface Section {
  readonly title: string;
  readonly words: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly targets: readonly Target[];
}
