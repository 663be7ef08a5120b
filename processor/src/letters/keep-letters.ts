import type { Logger } from '@px-platform/runtime';
import type { DeadLetter } from '@px-platform/schemas';
import type { EventStore } from '@px-platform/store';
import type { ConsumeSignals } from '../consume-signals.ts';
import type { ProcessorMetrics } from '../metrics.ts';
import { retrying } from '../retrying.ts';
import type { LetterTopic } from './letter-topic.ts';

/** Where dead letters are kept. */
export interface LetterDeps {
  readonly letters: Pick<EventStore, 'addDeadLetters'>;
  /** Null where there are no brokers. */
  readonly letterTopic?: LetterTopic | null;
  readonly metrics: ProcessorMetrics;
  readonly logger: Logger;
}

/**
 * Stores a batch's dead letters and then publishes them: both before the batch is committed, so that none is missing from either.
 * A kill in between has them published once more. `topic` is that of their records. False when it was time to end first.
 */
export async function keepLetters(
  { letters: store, letterTopic = null, ...deps }: LetterDeps,
  letters: readonly DeadLetter[],
  topic: string,
  signals: Pick<ConsumeSignals, 'aborted'>,
): Promise<boolean> {
  if ((await retrying(deps, signals, () => store.addDeadLetters(letters).then(() => true))) === null) return false;
  if (letterTopic === null || letters.length === 0) return true;
  return (await retrying(deps, signals, () => letterTopic.publish(letters, topic).then(() => true))) !== null;
}
