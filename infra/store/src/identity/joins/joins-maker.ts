import { setTimeout } from 'node:timers/promises';
import type { Engine } from '../../engine.ts';
import { mendJoins, readStoredState } from './stored-joins.ts';
import { touchMarginMs } from './touch-ids.ts';

/** All joins of a project are made anew so often: what went by TTL is noted by nobody. */
const wholeAfterMs = 24 * 60 * 60 * 1_000;

/** How long rounds go on, and who hears of a project whose joins could not be stored: it is tried again in the next. */
export interface JoinsRound {
  readonly aborted: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Stores who joined whom, so that a question need not work it out; it is right without. */
export interface JoinsMaker {
  /** Stores what is not yet, once, and gives of how many projects. */
  makeRound(round: JoinsRound): Promise<number>;
  /** Makes rounds, `intervalMs` apart, until it is aborted. Never rejects. */
  keep(options: JoinsRound & { readonly intervalMs: number }): Promise<void>;
}

/**
 * Stores joins on ClickHouse. What was touched less than `marginMs` ago is left to questions: a touch may be seen later than its
 * instant says. The order makes it right whatever is killed and whoever makes them at once: choose the version, read the touches up
 * to it and the claims, write the joins, write the state; a row of a smaller version never replaces one of a larger.
 */
export function createJoinsMaker(engine: Engine, marginMs: number = touchMarginMs): JoinsMaker {
  async function make(projectId: string): Promise<boolean> {
    const state = await readStoredState(engine, projectId);
    const version = state.now - marginMs;
    const isWhole = state.version === 0 || state.whole < state.now - wholeAfterMs;
    if (!isWhole && !(await isTouched(engine, projectId, { after: state.version, upTo: version }))) return false;
    const mended = isWhole ? null : await mendJoins(engine, projectId, state.version);
    if (mended === null) await engine.run(insertWhole(projectId, version));
    else await insertMended(engine, { projectId, version, mended });
    const whole = mended === null ? version : state.whole;
    await engine.insert(
      'INSERT INTO stored_joins_state SETTINGS async_insert = 0 FORMAT JSONEachRow',
      JSON.stringify({ project_id: projectId, version: toSeconds(version), whole: toSeconds(whole) }),
    );
    return true;
  }
  const maker: JoinsMaker = {
    async makeRound({ aborted, onError }) {
      let made = 0;
      const { rows } = await engine.ask({ sql: 'SELECT DISTINCT project_id FROM identity_claims', params: {} });
      for (const [projectId] of rows) {
        if (aborted.aborted) break;
        // One project whose joins can't be stored must not hold the others up.
        if (await make(String(projectId)).catch(onError)) made += 1;
      }
      return made;
    },
    async keep({ intervalMs, aborted, onError }) {
      while (!aborted.aborted) {
        await maker.makeRound({ aborted, onError }).catch(onError);
        await setTimeout(intervalMs, undefined, { signal: aborted }).catch(() => undefined);
      }
    },
  };
  return maker;
}

async function isTouched(
  engine: Engine,
  projectId: string,
  { after, upTo }: { after: number; upTo: number },
): Promise<boolean> {
  const { rows } = await engine.ask({
    sql: `
SELECT 1 FROM touched_ids
WHERE project_id = {project:String}
  AND touched_at > fromUnixTimestamp64Milli({after:Int64}) AND touched_at <= fromUnixTimestamp64Milli({to:Int64})
LIMIT 1`,
    params: { project: projectId, after, to: upTo },
  });
  return rows.length > 0;
}

function insertWhole(projectId: string, version: number) {
  return {
    sql: `
INSERT INTO stored_joins
SELECT {project:String}, id_hash, fromUnixTimestamp64Milli({version:Int64}), person_hash
FROM person_joins(project = {project:String})
SETTINGS max_threads = 1`,
    params: { project: projectId, version },
  };
}

async function insertMended(
  engine: Engine,
  { projectId, version, mended }: { projectId: string; version: number; mended: ReadonlyMap<string, string> },
): Promise<void> {
  if (mended.size === 0) return;
  const rows = [...mended].map(([id, person]) =>
    JSON.stringify({ project_id: projectId, id_hash: id, version: toSeconds(version), person_hash: person }),
  );
  await engine.insert('INSERT INTO stored_joins SETTINGS async_insert = 0 FORMAT JSONEachRow', rows.join('\n'));
}

/** As text: a number would be whole seconds. */
function toSeconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
