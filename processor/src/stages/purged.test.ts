import { toTombstoneHash } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import { makePipelineEvent } from '../../test/pipeline-event.ts';
import { createTombstoneBook } from '../purge/tombstone-book.ts';
import { createPurgedStage } from './purged.ts';

const purgedAt = 1_750_000_000_000;
const tombstones = createTombstoneBook();
tombstones.add([
  { projectId: 'p1', hash: toTombstoneHash('p1', 'id', 'anna'), purgedAt },
  { projectId: 'p1', hash: toTombstoneHash('p1', 'email', 'Anna@example.com'), purgedAt },
]);
const stage = createPurgedStage(tombstones);

function isDropped(own: Parameters<typeof makePipelineEvent>[0], at: { received: number; made: number }): boolean {
  const given = makePipelineEvent({ ...own, record: { received_at: at.received, ...own?.record } });
  given.timestamp = at.made;
  const result = stage.run(given);
  if ('kind' in result) expect(result).toEqual({ kind: 'drop', reason: 'purged' });
  return 'kind' in result;
}
const late = { received: purgedAt + 9_000, made: purgedAt };

it.each([
  ['anonymous_id', { event: { anonymous_id: 'anna' } }],
  ['user_id', { event: { anonymous_id: 'x', user_id: 'anna' } }],
  ['an alias of hers', { event: { event: 'alias', user_id: 'x', properties: { previous_id: 'anna' } } }],
  ['the mail address as a property', { event: { anonymous_id: 'x', properties: { email: ' ANNA@example.com ' } } }],
  ['the mail address as a trait', { event: { anonymous_id: 'x', traits: { email: 'anna@example.com' } } }],
])('drops a late event that bears the purged person by %s', (_name, own) => {
  expect(isDropped(own, late)).toBe(true);
  expect(isDropped(own, { received: purgedAt, made: purgedAt + 60_000 })).toBe(true);
  expect(isDropped(own, { received: purgedAt + 1, made: purgedAt + 1 })).toBe(false);
});

it('takes the late events of others, of other projects, and of ids that name nobody', () => {
  expect(isDropped({ event: { anonymous_id: 'bert', properties: { email: 7, previous_id: 'anna' } } }, late)).toBe(
    false,
  );
  expect(isDropped({ record: { project_id: 'p2' }, event: { anonymous_id: 'anna' } }, late)).toBe(false);
  expect(isDropped({ event: { anonymous_id: 'Anna' } }, late)).toBe(false);
});

it('of two purges of one id counts the later', () => {
  tombstones.add([{ projectId: 'p1', hash: toTombstoneHash('p1', 'id', 'anna'), purgedAt: purgedAt - 1 }]);
  expect(isDropped({ event: { anonymous_id: 'anna' } }, late)).toBe(true);
});
