import { z } from 'zod';

/**
 * What a project asks of the processing of its events, beside `ip_policy` and retention; `{}` asks for
 * nothing. Travels on each log record, so that the processor reads no control store. Source: contract 4.
 */
export interface ProjectSettings {
  /** Hosts beside the page's own whose referrals are internal: `acme.com` with all below it; 100 at most. */
  internal_hosts?: string[] | undefined;
  /** Hosts, as above, of payment pages: a return from one begins no visit from there. */
  payment_hosts?: string[] | undefined;
  /** Properties and traits that are never stored, by their key at any depth, in any case; 200 at most. */
  denied_properties?: string[] | undefined;
  /** Counts visitors without consent by a hash whose salt changes daily (UTC); without it they have no person at all. */
  cookieless_visitors?: boolean | undefined;
}

const host = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/, 'must be a host name like acme.com');

const property = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((key) => key.isWellFormed() && !key.includes('\0'), 'must be text without NUL and lone surrogates');

/** Parses what an administrator gives of `ProjectSettings`; an unknown setting is refused. */
export const projectSettingsSchema = z.strictObject({
  internal_hosts: z.array(host).max(100).optional(),
  payment_hosts: z.array(host).max(100).optional(),
  denied_properties: z.array(property).max(200).optional(),
  cookieless_visitors: z.boolean().optional(),
}) satisfies z.ZodType<ProjectSettings>;

const { internal_hosts, payment_hosts, denied_properties, cookieless_visitors } = projectSettingsSchema.shape;

/** Parses a change of settings: what is left out stays, null takes one back. */
export const projectSettingsChangeSchema = z.strictObject({
  internal_hosts: internal_hosts.nullable(),
  payment_hosts: payment_hosts.nullable(),
  denied_properties: denied_properties.nullable(),
  cookieless_visitors: cookieless_visitors.nullable(),
}) satisfies z.ZodType<{ [K in keyof ProjectSettings]: ProjectSettings[K] | null }>;

/** As `projectSettingsChangeSchema` parses it. */
export type ProjectSettingsChange = z.infer<typeof projectSettingsChangeSchema>;
