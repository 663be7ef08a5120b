import { rollupProgressSchema } from '@px-platform/schemas';
import type { RollupsVerb } from './verb.ts';

const pollMs = 1_000;

/**
 * Has the rollups of a time made anew, and waits until they are. To break it off stops the waiting alone: the server goes on,
 * after a restart too.
 */
export const rebuildRollups: RollupsVerb = async (client, { project, from, to }, { wait, writeError }) => {
  const body = { project_id: project, from, to };
  const begun = await client.send({ method: 'POST', path: '/rollups/rebuild', body, answer: rollupProgressSchema });
  if (begun.kind === 'refused') return begun;
  let { hours, waiting } = begun.body;
  let told = -1;
  while (waiting > 0) {
    if (hours - waiting !== told) writeError(`${hours - waiting} of ${hours} hours are made\n`);
    told = hours - waiting;
    await wait(pollMs);
    const path = `/rollups?${new URLSearchParams(body)}`;
    const now = await client.send({ method: 'GET', path, answer: rollupProgressSchema });
    if (now.kind === 'refused') return now;
    ({ hours, waiting } = now.body);
  }
  return { kind: 'done', isRight: true, body: { hours, waiting }, text: `The rollups of ${hours} hours are made.` };
};
