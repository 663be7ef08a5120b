/** What one field's answers are worth on labelled cases. */
export interface FieldAccuracy {
  /** Cases of 100 that were answered as labelled. */
  readonly percent: number;
  readonly cases: number;
  /** The cases that were not, one line each. */
  readonly misses: readonly string[];
}

type Cells = Readonly<Record<string, string>>;

/**
 * Holds answers against labels, field by field. A case counts for a field where its label says something, or where
 * `countsEmpty` holds, since then '' is an answer too.
 */
export function measureAccuracy(options: {
  readonly cases: readonly Cells[];
  readonly fields: readonly string[];
  readonly countsEmpty: (field: string) => boolean;
  /** Gives the answer's text, field by field. */
  readonly answer: (labelled: Cells) => Readonly<Record<string, unknown>>;
  /** Names a case in a miss. */
  readonly nameOf: (labelled: Cells) => string;
}): Record<string, FieldAccuracy> {
  const answered = options.cases.map((labelled) => ({ labelled, answer: options.answer(labelled) }));
  return Object.fromEntries(
    options.fields.map((field) => {
      const counted = answered.filter(({ labelled }) => labelled[field] !== '' || options.countsEmpty(field));
      const missed = counted.filter(({ labelled, answer }) => !isAsLabelled(labelled[field] ?? '', answer[field]));
      return [
        field,
        {
          percent: Math.round((1 - missed.length / counted.length) * 1_000) / 10,
          cases: counted.length,
          misses: missed.map(
            ({ labelled, answer }) =>
              `${field}: ${options.nameOf(labelled)}: ${labelled[field]} was taken for ${answer[field]}`,
          ),
        },
      ];
    }),
  );
}

/** A label '17' is met by version '17.6': it says as much as its case's source does. */
function isAsLabelled(label: string, answer: unknown): boolean {
  const text = answer === null || answer === undefined ? '' : String(answer);
  return text === label || (/^\d[\d.]*$/.test(label) && text.startsWith(`${label}.`));
}

/** Gives the lines that a test prints: each field's share, then its misses. */
export function toAccuracyLines(title: string, accuracy: Readonly<Record<string, FieldAccuracy>>): string {
  const lines = Object.entries(accuracy).flatMap(([field, { percent, cases, misses }]) => [
    `${title}.${field}: ${percent} % of ${cases}`,
    ...misses.map((miss) => `  ${miss}`),
  ]);
  return `${lines.join('\n')}\n`;
}
