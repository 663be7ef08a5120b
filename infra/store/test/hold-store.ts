import { systemClock } from '@px-platform/runtime';
import { openEmbeddedStore } from '../src/open-embedded.ts';
import { storeEvents } from './store-events.ts';

/**
 * Opens the store on a folder, stores three events and says `stored`; then holds it until it is killed.
 * Run as a process of its own: `node hold-store.ts FOLDER`.
 */
const { store } = await openEmbeddedStore({ path: process.argv[2] ?? '', clock: systemClock });
await storeEvents(store, { projectId: 'prj_held', partition: 1 }, [{}, {}, {}]);
process.stdout.write('stored\n');
setInterval(() => undefined, 60_000);
