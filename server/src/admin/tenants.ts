import type { ControlStore, Tenant } from '@px-platform/control';
import type { TenantAnswer } from '@px-platform/schemas';
import { Router } from 'express';
import { z } from 'zod';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleRead, handleWrite } from './json-handlers.ts';

/** Parses the body of `POST /tenants`. */
export const newTenantSchema = z.strictObject({
  slug: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1..63 lower-case letters, digits and inner hyphens'),
  tier: z.enum(['free', 'pro', 'enterprise']).default('free'),
});

/** `POST /tenants {slug, tier?}` and `GET /tenants`. A slug that is taken gives its tenant as it is, with 200. */
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
    .all('/tenants', refuseMethod('GET', 'POST'));
}

function toTenantAnswer(tenant: Tenant): TenantAnswer {
  return {
    tenant_id: tenant.id,
    slug: tenant.slug,
    tier: tenant.tier,
    created_at: tenant.created_at.toISOString(),
  };
}
