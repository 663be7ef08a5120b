import { type ProjectSettingsChange, projectSettingsChangeSchema, projectSettingsSchema } from '@px-platform/schemas';
import { z } from 'zod';
import { parseOrigin } from '../auth/origin.ts';

/** Settings travel on each record of the project: in bytes as JSON. */
const maxSettingsBytes = 8 * 1024;

const origin = z.string().transform((text, context) => {
  const parsed = parseOrigin(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'must be like https://acme.com or https://*.acme.com' });
  return z.NEVER;
});
const origins = z.array(origin).max(100);
const ipPolicy = z.enum(['drop', 'truncate', 'keep']);
const retentionDays = z.number().int().min(1).max(36_500);

/** Parses the body of `POST /projects`; origins in the form in which browsers send them. */
export const newProjectSchema = z.strictObject({
  /** Slug or id. */
  tenant: z.string().min(1),
  name: z.string().trim().min(1).max(100),
  origins: origins.default([]),
  ip_policy: ipPolicy.default('drop'),
  retention_days: retentionDays.default(395),
  settings: projectSettingsSchema.default({}),
});

/** Parses the body of `PATCH /projects/:id`: what is left out stays, of the settings too, and null takes one back. */
export const projectChangeSchema = z
  .strictObject({
    origins: origins.optional(),
    ip_policy: ipPolicy.optional(),
    retention_days: retentionDays.optional(),
    settings: projectSettingsChangeSchema.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'give at least one of what can be changed');

/** Says what is wrong with a project's settings once they are changed; null where they may stand. */
export function findSettingsMistake(before: ProjectSettingsChange, change: ProjectSettingsChange): string | null {
  const bytes = Buffer.byteLength(JSON.stringify({ ...before, ...change }));
  return bytes <= maxSettingsBytes ? null : `would be ${bytes} bytes as JSON; at most ${maxSettingsBytes} are taken`;
}
