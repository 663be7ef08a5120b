import type { Migration } from '@px-platform/schemas';
import type { LockPace } from '../src/migrations/migration-lock.ts';
import type { Statement } from '../src/statement.ts';

/** The lock's life, faster than in earnest: dead after 15 looks without a sign, as there. */
export const hastyPace: LockPace = { beatMs: 10, tryMs: 20, deadAfterTries: 15, giveUpAfterTries: 4_000 };

const slowStatement = 'INSERT INTO runs SELECT 1';

/** Two migrations; a statement of the first adds a row that tells how often it ran. */
export const slowMigrations: readonly Migration[] = [
  {
    number: 1,
    name: '0001_slow',
    checksum: 'slow',
    statements: ['CREATE TABLE IF NOT EXISTS runs (x UInt8) ENGINE = MergeTree ORDER BY x', slowStatement],
  },
  {
    number: 2,
    name: '0002_quick',
    checksum: 'quick',
    statements: ['ALTER TABLE runs ADD COLUMN IF NOT EXISTS y UInt8'],
  },
];

/** Says whether a statement is the one to be held up. */
export function isSlow(statement: Statement): boolean {
  return statement.sql === slowStatement;
}
