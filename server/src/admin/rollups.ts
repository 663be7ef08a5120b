import type { ControlStore } from '@px-platform/control';
import type { RollupRange, RollupStore } from '@px-platform/store';
import { Router } from 'express';
import { z } from 'zod';
import type { Problem } from '../http/problem.ts';
import { toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleRead, handleWrite, type JsonAnswer } from './json-handlers.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** A check reads all events of its time: a longer one is asked for in parts. */
const maxCheckDays = 31;

const instant = z.iso.datetime({ offset: true });

/** Parses what the routes of rollups take: a project and a time, `to` exclusive. */
export const rollupRangeSchema = z
  .strictObject({ project_id: z.string().min(1), from: instant, to: instant })
  .refine(({ from, to }) => Date.parse(to) > Date.parse(from), { path: ['to'], message: 'does not lie after "from"' });

/** The same, for a check. */
export const rollupCheckSchema = rollupRangeSchema.refine(
  ({ from, to }) => Date.parse(to) - Date.parse(from) <= maxCheckDays * dayMs,
  { path: ['to'], message: `lies more than ${maxCheckDays} days after "from": ask for the time in parts` },
);

interface Asked {
  readonly project_id: string;
  readonly from: string;
  readonly to: string;
}

/**
 * `GET /rollups?project_id=&from=&to=` says how far they have come, `POST /rollups/rebuild {project_id, from, to}` has them made
 * anew from the events, `GET /rollups/check` compares them with the events.
 */
export function createRollupsRouter(deps: {
  control: Pick<ControlStore, 'findProject'>;
  rollups: RollupStore;
  timeoutMs: number;
}): Router {
  const { control, rollups, timeoutMs } = deps;
  const ofProject = async (
    asked: Asked,
    run: (range: RollupRange) => Promise<object>,
  ): Promise<JsonAnswer | Problem> => {
    if ((await control.findProject(asked.project_id)) === null) {
      return toProblem('not_found', `There is no project "${asked.project_id}".`);
    }
    return { status: 200, body: await run({ from: Date.parse(asked.from), to: Date.parse(asked.to) }) };
  };
  return Router()
    .get(
      '/rollups',
      handleRead(rollupRangeSchema, (asked) => ofProject(asked, (range) => rollups.progress(asked.project_id, range))),
    )
    .all('/rollups', refuseMethod('GET'))
    .post(
      '/rollups/rebuild',
      handleWrite(rollupRangeSchema, timeoutMs, (asked) =>
        ofProject(asked, async (range) => {
          await rollups.rebuild(asked.project_id, range);
          return rollups.progress(asked.project_id, range);
        }),
      ),
    )
    .all('/rollups/rebuild', refuseMethod('POST'))
    .get(
      '/rollups/check',
      handleRead(rollupCheckSchema, (asked) =>
        ofProject(asked, async (range) => {
          const { differences, ...found } = await rollups.check(asked.project_id, range);
          return {
            ...found,
            differences: differences.map((one) => ({ ...one, hour: new Date(one.hour).toISOString() })),
          };
        }),
      ),
    )
    .all('/rollups/check', refuseMethod('GET'));
}
