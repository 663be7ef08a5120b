import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaListener } from './kafka-client.ts';
import { isKafkaFailure, KafkaFailure } from './kafka-failure.ts';

const restartAfterMs = 1_000;
const firstTries = 5;

/** Runs one consumer of a group until it can't go on; gives how to end it, once it has joined. Throws a `KafkaFailure` where it can't join. */
export type RunConsumer = (onCrash: (failure: KafkaFailure) => void) => Promise<() => Promise<void>>;

/**
 * Runs a consumer, and where that crashes another one in its place, as often as it must. Gives how to leave. Throws a `KafkaFailure`
 * where none can join at first.
 */
export async function keepJoined(listener: KafkaListener, run: RunConsumer): Promise<() => Promise<void>> {
  let isLeaving = false;
  // A consumer may crash before it is known how to end it.
  let disconnect = async (): Promise<void> => undefined;
  disconnect = await runFirst();

  /** The coordinator of a group may be on its way from one broker to another. */
  async function runFirst(): Promise<() => Promise<void>> {
    for (let tries = 1; ; tries++) {
      try {
        return await run((crash) => void restart(crash));
      } catch (thrown) {
        if (!isKafkaFailure(thrown, 'unavailable') || tries === firstTries) throw thrown;
        await pause(restartAfterMs);
      }
    }
  }

  async function restart(crash: KafkaFailure): Promise<void> {
    let failure: unknown = crash;
    // What the group gave to a consumer that is gone it gives to others.
    await listener.revoked();
    await disconnect();
    while (!isLeaving) {
      if (failure instanceof KafkaFailure && (failure.kind === 'refused' || failure.kind === 'topic_missing')) {
        return listener.failed(failure);
      }
      await pause(restartAfterMs);
      if (isLeaving) return;
      try {
        disconnect = await run((next) => void restart(next));
        if (isLeaving) await disconnect();
        return;
      } catch (thrown) {
        failure = thrown;
      }
    }
  }

  return async () => {
    isLeaving = true;
    await listener.revoked();
    await disconnect();
  };
}
