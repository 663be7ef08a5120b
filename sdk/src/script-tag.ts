import { createPx } from './create-px.ts';
import type { HeldCall } from './held-call.ts';
import type { Px } from './px.ts';

declare global {
  interface Window {
    /** The snippet's stub before this file arrives, the SDK afterwards; the same object, which the page may have kept. */
    PX?: Partial<Px> & { _q?: HeldCall[] };
  }
}

const stub = window.PX ?? {};
// A second copy of this file finds the first one's work and leaves it.
if (!stub.counts) {
  const [px, replay] = createPx();
  window.PX = Object.assign(stub, px);
  replay(stub._q?.splice(0) ?? []);
}
