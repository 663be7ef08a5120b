import { createPx } from './create-px.ts';
import type { Px } from './px.ts';

export type * from './px.ts';

/** The SDK, one per page. Importing it touches neither the window nor the network. */
const PX: Px = createPx()[0];
export default PX;
