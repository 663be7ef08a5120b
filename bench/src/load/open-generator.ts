import { openChild } from '../processes/child.ts';
import type { Aim, LoadResult } from './fire.ts';
import type { Job, Prepared } from './job.ts';
import type { BodyPlan } from './make-bodies.ts';
import type { OfferPlan, OfferResult } from './offer.ts';
import type { SustainPlan, SustainResult } from './sustain.ts';

/** The generator of the load, in a process of its own. */
export interface Generator {
  prepare(plan: BodyPlan): Promise<Prepared>;
  /** Sends the bodies prepared last, each once. */
  fire(aim: Aim): Promise<LoadResult>;
  sustain(plan: SustainPlan): Promise<SustainResult>;
  /** Sends at a rate of its own. */
  offer(plan: OfferPlan): Promise<OfferResult>;
  close(): Promise<void>;
}

/** Starts the generator. Each call throws what went wrong in the process. */
export function openGenerator(): Generator {
  const child = openChild(new URL('./generator.ts', import.meta.url));
  return {
    prepare: (plan) => child.ask<Prepared>({ kind: 'prepare', plan } satisfies Job),
    fire: (aim) => child.ask<LoadResult>({ kind: 'fire', aim } satisfies Job),
    sustain: (plan) => child.ask<SustainResult>({ kind: 'sustain', plan } satisfies Job),
    offer: (plan) => child.ask<OfferResult>({ kind: 'offer', plan } satisfies Job),
    close: () => child.close(),
  };
}
