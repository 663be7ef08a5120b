/** What a replay came to: `body` for `--json`, `text` for a person. */
export interface Replayed {
  readonly kind: 'replayed';
  /** What did not go in: more than none is exit code 1. */
  readonly refused: number;
  readonly body: object;
  readonly text: string;
}
