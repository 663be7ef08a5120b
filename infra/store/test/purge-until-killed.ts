import { systemClock } from '@px-platform/runtime';
import { connectEmbedded } from '../src/connect-embedded.ts';
import { openEmbeddedStore } from '../src/open-embedded.ts';
import { toPurgeStatements } from '../src/purge/purge-statements.ts';
import { storeEvents } from './store-events.ts';

/**
 * Stores a person, asks for a purge and begins it, removes about half, says `half`, and holds on until it is killed.
 * Run as a process of its own: `node purge-until-killed.ts FOLDER`.
 */
const path = process.argv[2] ?? '';
const { store, purges } = await openEmbeddedStore({ path, clock: systemClock });
const anna = { anonymous_id: 'anna', person_key: 'anna' };
await storeEvents(store, { projectId: 'prj_killed', partition: 1 }, [
  anna,
  { ...anna, event: 'identify', user_id: 'user-anna' },
  { anonymous_id: 'bert', person_key: 'bert' },
]);
const id = '0190bbbb-0000-7000-8000-000000000001';
const subject = { kind: 'user_id', value: 'user-anna' } as const;
const requested = await purges.request({ id, projectId: 'prj_killed', subject, at: systemClock() });
const begun = await purges.begin(requested, systemClock());
const engine = connectEmbedded(path);
// Up to the claims: nothing tells any more that anna is user-anna, but for what the purge itself keeps.
for (const statement of toPurgeStatements(begun, begun.found, requested.requestedAt).slice(0, 5))
  await engine.run(statement);
process.stdout.write('half\n');
setInterval(() => undefined, 60_000);
