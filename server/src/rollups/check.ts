import { type RollupCheckAnswer, rollupCheckAnswerSchema } from '@px-platform/schemas';
import { toTable } from '../provision/verb.ts';
import type { RollupsVerb } from './verb.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** Compares the rollups of a time with its events, a day at a time; it is right where nothing differs. */
export const checkRollups: RollupsVerb = async (client, { project, from, to }, { writeError }) => {
  let checked = 0;
  let stale = 0;
  const differences: RollupCheckAnswer['differences'] = [];
  for (let at = Date.parse(from); at < Date.parse(to); ) {
    const end = Math.min(Date.parse(to), Math.floor(at / dayMs) * dayMs + dayMs);
    const of = { project_id: project, from: new Date(at).toISOString(), to: new Date(end).toISOString() };
    const path = `/rollups/check?${new URLSearchParams(of)}`;
    const found = await client.send({ method: 'GET', path, answer: rollupCheckAnswerSchema });
    if (found.kind === 'refused') return found;
    checked += found.body.checked;
    stale += found.body.stale;
    differences.push(...found.body.differences);
    if (found.body.differences.length > 0) writeError(`${of.from.slice(0, 10)} differs\n`);
    at = end;
  }
  const cells = differences.map((one) => [
    one.hour,
    one.dimension,
    JSON.stringify(one.event),
    JSON.stringify(one.value),
    `${one.stored} stored`,
    `${one.rolled} in the rollup`,
  ]);
  const told = `${checked} hours compared, ${stale} left out: they are not made yet, and questions read their events.`;
  return {
    kind: 'done',
    isRight: differences.length === 0,
    body: { checked, stale, differences },
    text: `${toTable(cells, 'Nothing differs.')}\n${told}`,
  };
};
