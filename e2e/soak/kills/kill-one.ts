import { setTimeout as wait } from 'node:timers/promises';
import { childrenOf } from '../../../infra/runtime/test/children-of.ts';
import type { StandaloneProcess } from '../../src/standalone-process.ts';
import { type KillPhase, phaseOfKill } from './phase-of-kill.ts';
import type { KillAim, KillKind, PlannedKill } from './plan-kills.ts';
import { readHeldRows } from './read-held-rows.ts';
import type { PartWatch } from './watch-parts.ts';

/** A kill that was done, and how it went on. */
export interface KillRecord {
  readonly kind: KillKind;
  readonly aim: KillAim;
  /** False where what it waited for did not come in time: it was killed all the same. */
  readonly isAimMet: boolean;
  /** Epoch ms. */
  readonly killedAt: number;
  readonly phase: KillPhase;
  /** Rows that the next processor found above the committed position. */
  readonly heldRows: number;
  /** From the kill until requests are taken again, in ms; null where they were taken all the while. */
  readonly requestsMs: number | null;
  /** From the kill until batches are stored again, in ms. */
  readonly rowsMs: number;
}

/** What a kill works on. */
export interface KillGround {
  readonly running: StandaloneProcess;
  readonly start: () => Promise<StandaloneProcess>;
  readonly watch: PartWatch;
  /** Settles with true as a request goes out, with false when `signal` aborts first. */
  readonly nextSend: (signal: AbortSignal) => Promise<boolean>;
}

const aimTimeoutMs = 5_000;
const backTimeoutMs = 300_000;
const pollMs = 25;

/** Waits for the aim, kills, and waits until batches are stored again. Throws where they are not within five minutes. */
export async function killOne(
  { kind, aim, delayMs }: PlannedKill,
  ground: KillGround,
): Promise<{ record: KillRecord; running: StandaloneProcess }> {
  const { running, watch } = ground;
  const processor = await findProcessor(running.pid);
  const isAimMet = await meet(aim, ground);
  await wait(delayMs);

  const killedAt = Date.now();
  if (kind !== 'server') process.kill(processor, 'SIGKILL');
  if (kind !== 'processor') await running.kill();
  const [last, next] = await Promise.all([
    untilGone(processor).then(() => watch.last()),
    kind === 'processor' ? running : ground.start(),
  ]);
  const requestsMs = kind === 'processor' ? null : Date.now() - killedAt;
  await until(async () => (await findProcessor(next.pid)) !== processor);
  const heldRows = await until(() => readHeldRows(next.url));
  const rowsMs = Date.now() - killedAt;
  const phase = phaseOfKill({ heldRows, last });
  return { record: { kind, aim, isAimMet, killedAt, phase, heldRows, requestsMs, rowsMs }, running: next };
}

async function meet(aim: KillAim, { watch, nextSend }: KillGround): Promise<boolean> {
  if (aim === 'random') return true;
  const signal = AbortSignal.timeout(aimTimeoutMs);
  return aim === 'append' ? nextSend(signal) : watch.until(aim, signal);
}

function findProcessor(pid: number): Promise<number> {
  return until(async () => childrenOf(pid, '/processor-process/')[0] ?? null);
}

async function untilGone(pid: number): Promise<void> {
  await until(async () => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });
}

/** Asks again until something is given that is neither null nor false. Throws after five minutes. */
async function until<T>(ask: () => Promise<T | null | false>): Promise<T> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < backTimeoutMs) {
    const given = await ask();
    if (given !== null && given !== false) return given;
    await wait(pollMs);
  }
  throw new Error(`The killed process was not back within ${backTimeoutMs} ms.`);
}
