import { type TenantAnswer, tenantAnswerSchema } from '@px-platform/schemas';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { type Perform, sendAndTell, toTable } from './verb.ts';

const created = tenantAnswerSchema.extend({ created: z.boolean() });
const listed = z.object({ tenants: z.array(tenantAnswerSchema) });

const tiers = ['free', 'pro', 'enterprise'];

/** `tenant create <slug> [--tier]`, `tenant set <slug> --tier` and `tenant list`. */
export function addTenantVerbs(program: Command, perform: Perform): void {
  const tenant = program.command('tenant').description('customer accounts');

  tenant
    .command('create')
    .description('make a tenant, or give the one that has this slug')
    .argument('<slug>', 'lower-case letters, digits and hyphens')
    .addOption(new Option('--tier <tier>', 'its rate limits').choices(tiers).default('free'))
    .action((slug: string, { tier }: { tier: string }) =>
      perform((client) =>
        sendAndTell(
          client,
          { method: 'POST', path: '/tenants', body: { slug, tier }, answer: created },
          (body) => `${body.created ? 'Created' : 'There is already'} the tenant ${toLine(body).join(' ')}`,
        ),
      ),
    );

  tenant
    .command('set')
    .description('change a tenant; it holds within 5 s')
    .argument('<slug>', 'its slug or id')
    .addOption(new Option('--tier <tier>', 'its rate limits').choices(tiers).makeOptionMandatory())
    .action((slug: string, { tier }: { tier: string }) =>
      perform((client) =>
        sendAndTell(
          client,
          {
            method: 'PATCH',
            path: `/tenants/${encodeURIComponent(slug)}`,
            body: { tier },
            answer: tenantAnswerSchema,
          },
          (body) => `Changed the tenant ${toLine(body).join(' ')}`,
        ),
      ),
    );

  tenant
    .command('list')
    .description('list all tenants')
    .action(() =>
      perform((client) =>
        sendAndTell(client, { method: 'GET', path: '/tenants', answer: listed }, ({ tenants }) =>
          toTable(tenants.map(toLine), 'There are no tenants yet.'),
        ),
      ),
    );
}

function toLine(tenant: TenantAnswer): string[] {
  return [tenant.slug, tenant.tenant_id, tenant.tier];
}
