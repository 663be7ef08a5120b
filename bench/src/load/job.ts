import type { Aim } from './fire.ts';
import type { BodyPlan } from './make-bodies.ts';
import type { SustainPlan } from './sustain.ts';

/** What the generator is asked to do: make bodies, send those made last, or keep sending for a time. */
export type Job =
  | { readonly kind: 'prepare'; readonly plan: BodyPlan }
  | { readonly kind: 'fire'; readonly aim: Aim }
  | { readonly kind: 'sustain'; readonly plan: SustainPlan };

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
