import { client, replay } from './client.ts';
import type { HeldCall } from './held-call.ts';
import type { Px } from './px.ts';

const instances: Record<string, Px> = {};
client.instance = (name) => (instances[name] ??= createPx()[0]);

/**
 * Gives an SDK of its own, and what makes calls on it that were held. The build puts client.ts and all that it imports
 * into this function, so that each call runs them with a state of their own: that way the sources may keep their state in
 * modules, which costs the fewest bytes. Run from its sources, there is one (build/instance.js).
 */
export function createPx(): readonly [px: Px, replay: (calls: readonly HeldCall[]) => void] {
  return [client, replay];
}
