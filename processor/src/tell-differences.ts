import type { Logger } from '@px-platform/runtime';
import { type OpenStore, toDifferenceText } from '@px-platform/store';

/** Tells the log how the store's tables differ from the DDL, where rows can be inserted nevertheless. */
export function tellDifferences(logger: Logger, differences: OpenStore['differences']): void {
  for (const one of differences) {
    const level = one.kind === 'added' ? 'debug' : 'warn';
    logger[level]({ difference: toDifferenceText(one) }, "the store's tables differ from the DDL");
  }
}
