import type { ControlStore, Project } from '@px-platform/control';
import type { ProjectAnswer } from '@px-platform/schemas';
import { Router } from 'express';
import { z } from 'zod';
import { type Problem, toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleRead, handleWrite } from './json-handlers.ts';
import { findSettingsMistake, newProjectSchema, projectChangeSchema } from './project-body.ts';

/**
 * `POST /projects {tenant, name, origins?, ip_policy?, retention_days?, settings?}`, `GET /projects?tenant=` and
 * `PATCH /projects/:id` with what is to be changed, in force within 5 s. A name that the tenant has gives its
 * project as it is, with 200.
 */
export function createProjectsRouter(deps: { control: ControlStore; timeoutMs: number }): Router {
  const { control, timeoutMs } = deps;
  return Router()
    .post(
      '/projects',
      handleWrite(newProjectSchema, timeoutMs, async (body) => {
        const tenant = await control.findTenant(body.tenant);
        if (tenant === null) return unknownTenant(body.tenant);
        const mistake = findSettingsMistake({}, body.settings);
        if (mistake !== null) return badSettings(mistake);
        const { created, value } = await control.createProject({
          tenantId: tenant.id,
          name: body.name,
          origins: distinct(body.origins),
          ipPolicy: body.ip_policy,
          retentionDays: body.retention_days,
          settings: body.settings,
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
    .all('/projects', refuseMethod('GET', 'POST'))
    .patch(
      '/projects/:id',
      handleWrite(projectChangeSchema, timeoutMs, async ({ origins, ...rest }, { id }) => {
        const before = await control.findProject(id);
        if (before === null) return unknownProject(id);
        const mistake = findSettingsMistake(before.settings, rest.settings ?? {});
        if (mistake !== null) return badSettings(mistake);
        const changed = await control.updateProject(id, { ...rest, origins: origins && distinct(origins) });
        return changed === null ? unknownProject(id) : { status: 200, body: toProjectAnswer(changed) };
      }),
    )
    .all('/projects/:id', refuseMethod('PATCH'));
}

function toList(projects: readonly Project[]) {
  return { status: 200 as const, body: { projects: projects.map(toProjectAnswer) } };
}

function unknownTenant(slugOrId: string) {
  return toProblem('not_found', `There is no tenant "${slugOrId}". Create it first, or name another by slug or id.`);
}

function unknownProject(id: string): Problem {
  return toProblem('not_found', `There is no project "${id}". GET /admin/v1/projects lists them.`);
}

function badSettings(message: string): Problem {
  return toProblem('invalid_body', `settings: ${message}`, { details: { issues: [{ path: 'settings', message }] } });
}

function distinct(origins: readonly string[]): string[] {
  return [...new Set(origins)];
}

function toProjectAnswer(project: Project): ProjectAnswer {
  const { id, created_at, ...rest } = project;
  return { project_id: id, ...rest, created_at: created_at.toISOString() };
}
