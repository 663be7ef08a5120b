import { AppError } from '@px-platform/runtime';
import type { Migration } from '@px-platform/schemas';
import type { AppliedMigration } from './ledger.ts';

/** How a migration stands: `changed` since it was applied; `unknown` to this version, which is older than the store. */
export interface MigrationStatus {
  readonly number: number;
  readonly name: string;
  readonly state: 'applied' | 'pending' | 'changed' | 'unknown';
  /** Epoch ms; null where it is pending. */
  readonly appliedAt: number | null;
}

/** Compares the numbered DDL with what was applied; gives all of both by number. */
export function toStatus(migrations: readonly Migration[], applied: readonly AppliedMigration[]): MigrationStatus[] {
  const ledger = new Map(applied.map((one) => [one.number, one]));
  const known = migrations.map(({ number, name, checksum }): MigrationStatus => {
    const entry = ledger.get(number);
    if (entry === undefined) return { number, name, state: 'pending', appliedAt: null };
    return { number, name, state: entry.checksum === checksum ? 'applied' : 'changed', appliedAt: entry.appliedAt };
  });
  const unknown = applied
    .filter(({ number }) => number > migrations.length)
    .map(({ number, name, appliedAt }): MigrationStatus => ({ number, name, state: 'unknown', appliedAt }));
  return [...known, ...unknown];
}

/** Gives why nothing may be applied, `migration_failed`: a text that was changed, or a store that is ahead; null where it may. */
export function findRefusal(status: readonly MigrationStatus[]): AppError | null {
  const changed = status.find(({ state }) => state === 'changed');
  if (changed !== undefined) {
    return new AppError(
      'migration_failed',
      `The DDL ${changed.name} was changed after it was applied here: restore its text and put the change in the next number`,
    );
  }
  const newest = status.findLast(({ state }) => state === 'unknown');
  if (newest === undefined) return null;
  const known = status.filter(({ state }) => state !== 'unknown').length;
  return new AppError(
    'migration_failed',
    `The store is at DDL ${newest.number}, this version knows ${known}: start a newer version, or restore a backup`,
  );
}
