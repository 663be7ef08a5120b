import { letterReplayAnswerSchema } from '@px-platform/schemas';
import type { AdminClient, Refusal } from '../provision/admin-client.ts';
import { createPace } from './pace.ts';
import { createProgress } from './progress.ts';
import type { ReplayWorld } from './replay-world.ts';
import type { Replayed } from './replayed.ts';

/** Which dead letters, and how fast. */
export interface LetterRequest {
  readonly projectId: string | undefined;
  /** RFC 3339. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Letters a second. */
  readonly rate: number;
  readonly isDryRun: boolean;
}

/** Letters of a call: few enough that a slow disk answers within the client's patience. */
const maxLettersPerCall = 200;

/**
 * Has the server give dead letters to the log again, a page at a time. Where it breaks off, what went through is gone from the
 * letters, so that the next run goes on there. A server that is away, or whose log is full, is a refusal. Never throws.
 */
export async function replayLetters(
  client: AdminClient,
  { projectId, from, to, rate, isDryRun }: LetterRequest,
  world: ReplayWorld,
): Promise<Replayed | Refusal> {
  const pace = createPace(rate, world);
  const progress = createProgress(world);
  const reasons: Record<string, number> = {};
  let replayed = 0;
  let kept = 0;
  for (let after: string | undefined; ; ) {
    const answer = await client.send({
      method: 'POST',
      path: '/dead-letters/replay',
      body: { project_id: projectId, from, to, after, limit: Math.min(maxLettersPerCall, rate), dry_run: isDryRun },
      answer: letterReplayAnswerSchema,
    });
    if (answer.kind === 'refused') {
      progress.end();
      const soFar = `${replayed} dead letters went in before; run it again to go on.`;
      return { ...answer, message: `${answer.message} ${soFar}` };
    }
    const { body } = answer;
    replayed += body.replayed;
    kept += body.kept.length;
    for (const { reason } of body.kept) reasons[reason] = (reasons[reason] ?? 0) + 1;
    const done = replayed + kept;
    progress.show({ done, total: done + body.left, note: `${done} of ${done + body.left} dead letters` });
    if (body.after === null) break;
    after = body.after;
    if (!isDryRun) await pace(body.replayed);
  }
  progress.end();
  return {
    kind: 'replayed',
    refused: kept,
    body: { source: 'dead_letters', dry_run: isDryRun, sent: replayed, refused: kept, reasons },
    text: toText({ replayed, kept, isDryRun }),
  };
}

function toText({ replayed, kept, isDryRun }: { replayed: number; kept: number; isDryRun: boolean }): string {
  const sent = isDryRun ? `${replayed} dead letters would be replayed.` : `Replayed ${replayed} dead letters.`;
  if (kept === 0) return sent;
  const stay = `${kept} stay: their bytes are no record that this version reads.`;
  return `${sent} ${stay} GET /admin/v1/dead-letters shows them.`;
}
