import type { Clock } from '@px-platform/runtime';
import { readMigrations } from '@px-platform/schemas';
import { type Cluster, toClusterForm } from '../cluster/to-cluster-form.ts';
import type { Engine } from '../engine.ts';
import { migrate } from '../migrate.ts';
import { readLedgerIfThere } from '../migrations/ledger.ts';
import { findRefusal, type MigrationStatus, toStatus } from '../migrations/status.ts';
import { checkTables, findDifferences, toText } from '../self-check/check-tables.ts';

/** The store that a verb works on. */
export interface OpenPlace {
  readonly engine: Engine;
  readonly cluster: Cluster | null;
  readonly isSole: boolean;
  readonly clock: Clock;
}

/** What a verb came to: `body` for `--json`, `text` for a person; `refusal` where the store can't go on as it stands. */
export interface Done {
  readonly body: object;
  readonly text: string;
  readonly refusal: string | null;
}

/** Tells how each migration stands and, where none is pending, how the tables differ. Changes nothing. */
export async function showStatus({ engine, cluster }: OpenPlace): Promise<Done> {
  const status = toStatus(readMigrations(), await readLedgerIfThere(engine));
  const isWhole = status.every(({ state }) => state === 'applied');
  const differences = isWhole ? await findDifferences(engine, cluster) : [];
  const stops = differences.some(({ kind }) => kind === 'stops');
  const lines = [
    ...status.map(({ name, state, appliedAt }) => [name.padEnd(30), state, toTime(appliedAt)].join(' ').trimEnd()),
    ...differences.map((one) => `${one.kind.padEnd(5)} ${toText(one)}`),
  ];
  return {
    body: { migrations: status.map(toRow), differences: isWhole ? differences : null },
    text: lines.join('\n'),
    refusal: findRefusal(status)?.message ?? (stops ? 'With these differences a start ends.' : null),
  };
}

/** Gives the statements that a migration would run now, in their order. Changes nothing. */
export async function showPending({ engine, cluster }: OpenPlace): Promise<Done> {
  const migrations = readMigrations();
  const status = toStatus(migrations, await readLedgerIfThere(engine));
  const refusal = findRefusal(status);
  if (refusal !== null) throw refusal;
  const isPending = new Set(status.filter(({ state }) => state === 'pending').map(({ number }) => number));
  const pending = migrations
    .filter(({ number }) => isPending.has(number))
    .map((one) => (cluster === null ? one : toClusterForm(one, cluster)));
  const blocks = pending.map(({ name, statements }) =>
    [`-- ${name}`, ...statements.map((sql) => `${sql};`)].join('\n'),
  );
  return {
    body: { dry_run: true, migrations: pending.map(({ number, name, statements }) => ({ number, name, statements })) },
    text: blocks.join('\n\n') || 'Nothing is pending.',
    refusal: null,
  };
}

/** Applies what is pending, and checks the tables after. Throws as `migrate` and `checkTables` do. */
export async function applyPending({ engine, cluster, isSole, clock }: OpenPlace): Promise<Done> {
  const applied = await migrate(engine, { clock, isSole, cluster });
  const differences = await checkTables(engine, cluster);
  const lines = [...applied.map((name) => `Applied ${name}.`), ...differences.map(toText)];
  return { body: { applied, differences }, text: lines.join('\n') || 'Nothing was pending.', refusal: null };
}

function toRow({ number, name, state, appliedAt }: MigrationStatus): object {
  return { number, name, state, applied_at: appliedAt === null ? null : toTime(appliedAt) };
}

function toTime(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString();
}
