import { createPx } from './create-px.ts';
import { openClient } from './open-client.ts';
import type { Px } from './px.ts';

export type * from './px.ts';

/** The SDK, one per page. Importing it touches neither the window nor the network. */
const PX: Px = createPx(openClient, () => Date.now()).px;
export default PX;
