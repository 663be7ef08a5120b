import type { Ask, Calls } from '@px-platform/runtime';
import type { DeadLetter } from '@px-platform/schemas';
import type { DeadLetterStore, LetterRange } from './dead-letter-store.ts';

/** The calls by which another process reads and takes away dead letters, for `serveCalls`. */
export function toDeadLetterCalls(store: DeadLetterStore): Calls {
  return {
    'dead_letters.page': (range: LetterRange, cursor: string | null, limit: number) => store.page(range, cursor, limit),
    'dead_letters.remove': (letters: readonly DeadLetter[]) => store.remove(letters),
  };
}

/** The dead letters in another process than the engine: keeps the contract of the store that is served. */
export function connectDeadLetters(ask: Ask): DeadLetterStore {
  return {
    page: (range, cursor, limit) => ask('dead_letters.page', range, cursor, limit),
    remove: (letters) => ask<void>('dead_letters.remove', letters),
  };
}
