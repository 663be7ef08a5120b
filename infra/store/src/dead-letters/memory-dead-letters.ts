import type { DeadLetter } from '@px-platform/schemas';
import type { DeadLetterStore } from './dead-letter-store.ts';

/** The dead letters in memory, for tests of what stands above them; `letters` gives what is left. */
export interface MemoryDeadLetters extends DeadLetterStore {
  letters(): readonly DeadLetter[];
  add(letters: readonly DeadLetter[]): void;
}

/** Gives dead letters that are lost with the process. A cursor counts all that were ever there. */
export function createMemoryDeadLetters(): MemoryDeadLetters {
  const stored: { readonly letter: DeadLetter; isRemoved: boolean }[] = [];
  const toPlace = ({ log, partition, offset, index, reason }: DeadLetter): string =>
    JSON.stringify([log, partition, offset, index, reason]);

  return {
    letters: () => stored.filter(({ isRemoved }) => !isRemoved).map(({ letter }) => letter),
    add(letters) {
      stored.push(...letters.map((letter) => ({ letter, isRemoved: false })));
    },
    async page({ projectId, from, to }, cursor, limit) {
      const [after = -1, until = stored.length] = cursor === null ? [] : cursor.split(':').map(Number);
      const found = [...stored.entries()].filter(
        ([at, { letter, isRemoved }]) =>
          at > after &&
          at < until &&
          !isRemoved &&
          letter.received_at >= from &&
          letter.received_at < to &&
          (projectId === null || letter.project_id === projectId),
      );
      const page = found.slice(0, limit);
      const left = found.length - page.length;
      return {
        letters: page.map(([, { letter }]) => letter),
        cursor: left === 0 ? null : `${page.at(-1)?.[0]}:${until}`,
        left,
      };
    },
    async remove(letters) {
      const places = new Set(letters.map(toPlace));
      for (const one of stored) one.isRemoved ||= places.has(toPlace(one.letter));
    },
  };
}
