import { createLogger } from '@px-platform/runtime';
import { createMemoryPurgeStore } from '@px-platform/store';
import { expect, it } from 'vitest';
import { makePipelineEvent } from '../../test/pipeline-event.ts';
import { purgeLateRows } from './purge-late-rows.ts';
import { createTombstoneBook } from './tombstone-book.ts';

const noon = Date.UTC(2026, 10, 22, 12);

async function open() {
  const age = { ms: 0 };
  const purges = createMemoryPurgeStore(age);
  const logger = createLogger({ level: 'silent', name: 'test' });
  const deps = { purges, tombstones: createTombstoneBook(), clock: () => noon + 60_000, logger };
  const subject = { kind: 'anonymous_id', value: 'anna' } as const;
  const purge = await purges.request({ id: 'p-1', projectId: 'p1', subject, at: noon });
  await purges.finish(await purges.begin(purge, noon), noon);
  const toEvent = (anonymous_id: string, at: number) => {
    const record = { project_id: 'p1', received_at: at };
    return { ...makePipelineEvent({ record, event: { anonymous_id } }), timestamp: at };
  };
  const asked = async () => (await purges.pending()).map(({ projectId, kind, state }) => ({ projectId, kind, state }));
  return { age, deps, toEvent, asked };
}

it('asks once for the purge of a person whose rows may have come behind the deletions', async () => {
  const { age, deps, toEvent, asked } = await open();
  age.ms = 5_000;
  const late = [toEvent('anna', noon - 2), toEvent('anna', noon - 1), toEvent('bert', noon - 1)];
  await purgeLateRows(deps, late, 0);
  expect(await asked()).toEqual([{ projectId: 'p1', kind: 'anonymous_id', state: 'requested' }]);
});

it('leaves rows to the purge that has not begun to delete', async () => {
  const { age, deps, toEvent, asked } = await open();
  age.ms = 3_900;
  await purgeLateRows(deps, [toEvent('anna', noon - 1)], 0);
  expect(await asked()).toEqual([]);
});

it('leaves what the person does after the purge', async () => {
  const { age, deps, toEvent, asked } = await open();
  age.ms = 5_000;
  await purgeLateRows(deps, [toEvent('anna', noon + 1)], 0);
  expect(await asked()).toEqual([]);
});
