import { createPx } from './create-px.ts';
import { openClient } from './open-client.ts';
import { warnDeveloper } from './page/warn-developer.ts';
import type { Px } from './px.ts';

export type { AutocaptureOptions, FlushOptions, InitOptions, Properties, Px } from './px.ts';

/** The SDK, one per page. Importing it touches neither the window nor the network. */
const PX: Px = createPx({
  open: openClient,
  clock: () => Date.now(),
  hasPage: () => typeof window !== 'undefined' && typeof document !== 'undefined',
  warn: warnDeveloper,
}).px;
export default PX;
