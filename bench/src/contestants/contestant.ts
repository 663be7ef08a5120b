/** An SDK that is measured beside others, in its defaults but for what `remark` names. */
export interface Contestant {
  readonly name: string;
  /** Its npm package, as `bench/peers/package.json` pins it; null where nothing is installed. */
  readonly packageName: string | null;
  /** What of its defaults is changed, and why. */
  readonly remark: string;
  /** JavaScript that imports it: `init` starts it against the collector, `track` takes a name and three properties. */
  readonly toCode: (place: Place) => ContestantCode;
  /** What its own collector would answer to a body of so many events. */
  readonly toAnswer: (events: number) => CollectorAnswer;
}

/** Where a contestant's code finds the SDK's files and the collector. */
export interface Place {
  /** Folder of the SDK's built files. */
  readonly dist: string;
  /** Origin of the collector, such as `http://127.0.0.1:4000`. */
  readonly collector: string;
}

/** Statements and expressions of one module. */
export interface ContestantCode {
  readonly imports: string;
  readonly init: string;
  /** A function of a name and properties. */
  readonly track: string;
  /** A function that sends what waits, where there is one. */
  readonly flush?: string;
}

/** Status and body of an answer. */
export interface CollectorAnswer {
  readonly status: number;
  readonly body: string;
}
