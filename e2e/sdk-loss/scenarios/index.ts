import type { Scenario } from '../scenario.ts';
import { leaving } from './leaving.ts';
import { pageLife } from './page-life.ts';
import { serverTrouble } from './server-trouble.ts';
import { storageTrouble } from './storage-trouble.ts';

/** The rows of the loss table, in its order. */
export const scenarios: readonly Scenario[] = [...leaving, ...serverTrouble, ...storageTrouble, ...pageLife];
