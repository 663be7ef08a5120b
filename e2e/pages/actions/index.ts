import type { Action } from './action.ts';
import { controlActions } from './controls.ts';
import { linkActions } from './links.ts';
import { tabActions } from './tab.ts';
import { typingActions } from './typing.ts';

/** All that a visitor of the script does. */
export const actions: readonly Action[] = [...linkActions, ...controlActions, ...typingActions, ...tabActions];
