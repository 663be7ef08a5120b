import { randomUUID } from 'node:crypto';
import { AppError, type Clock } from '@px-platform/runtime';
import { type Cluster, onCluster, toClusterWideEngine } from '../cluster/to-cluster-form.ts';
import type { Engine } from '../engine.ts';

/** How fast the lock lives: a holder that gives no sign over `deadAfterTries` looks, `tryMs` apart, is dead. */
export interface LockPace {
  readonly beatMs: number;
  readonly tryMs: number;
  readonly deadAfterTries: number;
  readonly giveUpAfterTries: number;
}

/** A sign of life every 2 s; dead after 15 s without one; another's work is waited for for ten minutes. */
export const lockPace: LockPace = { beatMs: 2_000, tryMs: 1_000, deadAfterTries: 15, giveUpAfterTries: 600 };

/** What taking the lock needs from outside. */
export interface LockOptions {
  readonly clock: Clock;
  /** No other process can be at work here, so a lock found is a dead one's. */
  readonly isSole: boolean;
  /** Where the lock is seen by each node of a cluster; null for one server. */
  readonly cluster: Cluster | null;
  readonly wait: (ms: number) => Promise<unknown>;
  readonly pace: LockPace;
}

/** The lock in the hands of this process. */
export interface MigrationLock {
  /** Throws `migration_failed` where another took it over, as it may where this process was stopped for long. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/** One lock's table: whose it is, and the signs of life in it. */
interface Link {
  readonly table: string;
  readonly holder: string;
  readonly beats: number;
}

const head = 'migration_lock';

/**
 * Takes the lock: the table `migration_lock`, since creating a table is atomic, with the holder's name as its comment
 * and a row for each sign of life. A dead one's is not dropped, which two waiters could do one after the other, but
 * succeeded: whoever creates the table that bears the dead one's name is next. So locks are a chain, and its end
 * holds. Signs are counted, not timed, and so no two clocks are compared. Throws `migration_failed` where another one
 * that lives does not end.
 */
export async function takeLock(engine: Engine, options: LockOptions): Promise<MigrationLock> {
  const { clock, isSole, cluster, wait, pace } = options;
  let seen = '';
  let looksWithoutSign = 0;
  for (let tries = 0; tries < pace.giveUpAfterTries; tries += 1) {
    const last = (await readChain(engine)).at(-1);
    const sign = `${last?.holder} ${last?.beats}`;
    looksWithoutSign = sign === seen ? looksWithoutSign + 1 : 0;
    seen = sign;
    if (last === undefined || isSole || looksWithoutSign >= pace.deadAfterTries) {
      const mine = randomUUID().replaceAll('-', '');
      const table = last === undefined ? head : toSuccessor(last.holder);
      await engine.run({ sql: toLink(table, mine, clock(), cluster), params: {} });
      if ((await readChain(engine)).at(-1)?.holder === mine) return holdLock(engine, mine, options);
    } else {
      await wait(pace.tryMs);
    }
  }
  throw new AppError(
    'migration_failed',
    `Another process has held the table ${head} all the while and is alive: wait until its migration is done, then start again`,
  );
}

function holdLock(engine: Engine, mine: string, { clock, isSole, cluster, pace }: LockOptions): MigrationLock {
  let lostTo: string | null = null;
  let confirmedAt = clock();
  const look = async (): Promise<Link | undefined> => {
    const last = (await readChain(engine)).at(-1);
    if (last?.holder === mine) confirmedAt = clock();
    else lostTo = last?.holder ?? 'nobody: its table was dropped';
    return last;
  };
  const beat = async (): Promise<void> => {
    const last = await look();
    if (lostTo === null && last !== undefined) {
      await engine.run({ sql: `INSERT INTO ${last.table} VALUES ({holder:String})`, params: { holder: mine } });
    }
  };
  // One after the other, however slow the engine is. A sign that fails is given again at the next beat.
  let timer: NodeJS.Timeout | undefined;
  let isReleased = isSole;
  const beatOn = (): void => {
    if (isReleased) return;
    timer = setTimeout(() => void beat().then(beatOn, beatOn), pace.beatMs).unref();
  };
  beatOn();
  return {
    async confirm() {
      if (!isSole && clock() - confirmedAt > 2 * pace.beatMs) await look();
      if (lostTo !== null) {
        throw new AppError(
          'migration_failed',
          `The migration's lock went to another process (${lostTo}) while this one gave no sign of life: start again`,
        );
      }
    },
    async release() {
      isReleased = true;
      clearTimeout(timer);
      if ((await look())?.holder !== mine) return;
      // The head goes first: what is left of the chain then belongs to nobody.
      for (const table of await readTables(engine)) {
        await engine.run({ sql: `DROP TABLE IF EXISTS ${table.table}${onCluster(cluster)} SYNC`, params: {} });
      }
    },
  };
}

const toSuccessor = (holder: string): string => `${head}_${holder}`;

/** A cluster takes its DDL in one order on all nodes: who is first is so on each. */
function toLink(table: string, holder: string, at: number, cluster: Cluster | null): string {
  const kind = cluster === null ? 'Memory' : toClusterWideEngine('MergeTree', `lock_${holder}`, 'holder');
  return `CREATE TABLE IF NOT EXISTS ${table}${onCluster(cluster)} (holder String) ENGINE = ${kind} COMMENT '${at} ${holder}'`;
}

/** From the first holder to the one whom nobody succeeded. */
async function readChain(engine: Engine): Promise<Link[]> {
  const tables = new Map((await readTables(engine)).map((link) => [link.table, link]));
  const chain: Link[] = [];
  for (let link = tables.get(head); link !== undefined; link = tables.get(toSuccessor(link.holder))) chain.push(link);
  return chain;
}

/** All tables of locks, the head first. */
async function readTables(engine: Engine): Promise<Link[]> {
  const { rows } = await engine.ask({
    sql: `
SELECT name, comment, toUInt32(ifNull(total_rows, 0))
FROM system.tables
WHERE database = currentDatabase() AND (name = '${head}' OR startsWith(name, '${head}_'))
ORDER BY length(name), name`,
    params: {},
  });
  return rows.map(([table, comment, beats]) => ({
    table: String(table),
    // What another version writes may hold more than a table's name can.
    holder: (String(comment).split(' ').at(-1) ?? '').replaceAll(/\W/g, ''),
    beats: Number(beats),
  }));
}
