import type { ControlStore, Project } from '@px-platform/control';
import type { ProjectAnswer } from '@px-platform/schemas';
import { Router } from 'express';
import { z } from 'zod';
import { parseOrigin } from '../auth/origin.ts';
import { toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleRead, handleWrite } from './json-handlers.ts';

const origin = z.string().transform((text, context) => {
  const parsed = parseOrigin(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'must be like https://acme.com or https://*.acme.com' });
  return z.NEVER;
});

/** Parses the body of `POST /projects`; origins in the form in which browsers send them. */
export const newProjectSchema = z.strictObject({
  /** Slug or id. */
  tenant: z.string().min(1),
  name: z.string().trim().min(1).max(100),
  origins: z.array(origin).max(100).default([]),
  ip_policy: z.enum(['drop', 'truncate', 'keep']).default('drop'),
  retention_days: z.number().int().min(1).max(36_500).default(395),
});

/**
 * `POST /projects {tenant, name, origins?, ip_policy?, retention_days?}` and `GET /projects?tenant=`. A
 * name that the tenant has gives its project as it is, with 200.
 */
export function createProjectsRouter(deps: { control: ControlStore; timeoutMs: number }): Router {
  const { control, timeoutMs } = deps;
  return Router()
    .post(
      '/projects',
      handleWrite(newProjectSchema, timeoutMs, async (body) => {
        const tenant = await control.findTenant(body.tenant);
        if (tenant === null) return unknownTenant(body.tenant);
        const { created, value } = await control.createProject({
          tenantId: tenant.id,
          name: body.name,
          origins: [...new Set(body.origins)],
          ipPolicy: body.ip_policy,
          retentionDays: body.retention_days,
        });
        return { status: created ? 201 : 200, body: { created, ...toProjectAnswer(value) } };
      }),
    )
    .get(
      '/projects',
      handleRead(z.object({ tenant: z.string().optional() }), async (query) => {
        if (query.tenant === undefined) return toList(await control.listProjects(null));
        const tenant = await control.findTenant(query.tenant);
        return tenant === null ? unknownTenant(query.tenant) : toList(await control.listProjects(tenant.id));
      }),
    )
    .all('/projects', refuseMethod('GET', 'POST'));
}

function toList(projects: readonly Project[]) {
  return { status: 200 as const, body: { projects: projects.map(toProjectAnswer) } };
}

function unknownTenant(slugOrId: string) {
  return toProblem('not_found', `There is no tenant "${slugOrId}". Create it first, or name another by slug or id.`);
}

function toProjectAnswer(project: Project): ProjectAnswer {
  const { id, created_at, ...rest } = project;
  return { project_id: id, ...rest, created_at: created_at.toISOString() };
}
