import type { Scenario } from '../scenario.ts';
import { leaving } from './leaving.ts';

/** The rows of the loss table, in its order. */
export const scenarios: readonly Scenario[] = [...leaving];
