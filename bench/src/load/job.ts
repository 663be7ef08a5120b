import type { Aim } from './fire.ts';
import type { BodyPlan } from './make-bodies.ts';
import type { OfferPlan } from './offer.ts';
import type { SustainPlan } from './sustain.ts';

/** What the generator is asked to do: make bodies, send those made last, keep sending for a time, or send at a rate. */
export type Job =
  | { readonly kind: 'prepare'; readonly plan: BodyPlan }
  | { readonly kind: 'fire'; readonly aim: Aim }
  | { readonly kind: 'sustain'; readonly plan: SustainPlan }
  | { readonly kind: 'offer'; readonly plan: OfferPlan };

/** What was prepared: bytes as sent, in all. */
export interface Prepared {
  readonly events: number;
  readonly bytes: number;
}

/** Reads a job from a message of the parent, which is this package's own. */
export function parseJob(message: unknown): Job {
  if (typeof message !== 'object' || message === null || !('kind' in message)) throw new TypeError('This is no job.');
  return message as Job;
}
