import type { ControlStore, Tenant } from '@px-platform/control';
import type { TenantAnswer } from '@px-platform/schemas';
import { Router } from 'express';
import { z } from 'zod';
import { toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleRead, handleWrite } from './json-handlers.ts';

const tier = z.enum(['free', 'pro', 'enterprise']);

/** Parses the body of `POST /tenants`. */
export const newTenantSchema = z.strictObject({
  slug: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1..63 lower-case letters, digits and inner hyphens'),
  tier: tier.default('free'),
});

/** Parses the body of `PATCH /tenants/:slug`. */
export const tenantChangeSchema = z.strictObject({ tier });

/**
 * `POST /tenants {slug, tier?}`, `GET /tenants` and `PATCH /tenants/:slug {tier}`, by id too, in force within 5 s. A slug
 * that is taken gives its tenant as it is, with 200.
 */
export function createTenantsRouter(deps: { control: ControlStore; timeoutMs: number }): Router {
  const { control, timeoutMs } = deps;
  return Router()
    .post(
      '/tenants',
      handleWrite(newTenantSchema, timeoutMs, async (body) => {
        const { created, value } = await control.createTenant(body);
        return { status: created ? 201 : 200, body: { created, ...toTenantAnswer(value) } };
      }),
    )
    .get(
      '/tenants',
      handleRead(z.object({}), async () => {
        const tenants = await control.listTenants();
        return { status: 200, body: { tenants: tenants.map(toTenantAnswer) } };
      }),
    )
    .all('/tenants', refuseMethod('GET', 'POST'))
    .patch(
      '/tenants/:slug',
      handleWrite(tenantChangeSchema, timeoutMs, async (body, { slug }) => {
        const changed = await control.updateTenant(slug, body);
        return changed === null ? unknownTenant(slug) : { status: 200, body: toTenantAnswer(changed) };
      }),
    )
    .all('/tenants/:slug', refuseMethod('PATCH'));
}

function unknownTenant(slugOrId: string) {
  return toProblem('not_found', `There is no tenant "${slugOrId}". GET /admin/v1/tenants lists them.`);
}

function toTenantAnswer(tenant: Tenant): TenantAnswer {
  return {
    tenant_id: tenant.id,
    slug: tenant.slug,
    tier: tenant.tier,
    created_at: tenant.created_at.toISOString(),
  };
}
