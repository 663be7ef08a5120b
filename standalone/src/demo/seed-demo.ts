import { randomBytes } from 'node:crypto';
import { type ControlStore, createSecret, toSecretSha256 } from '@px-platform/control';
import { readOrMakeSecret } from '../secret-file.ts';

/** The demo's project and browser key. */
export interface Demo {
  readonly projectId: string;
  readonly apiKey: string;
  /** True at the first start on a data folder. */
  readonly created: boolean;
}

const retentionDays = 730;

/**
 * Makes tenant and project `demo` where they are missing, and a browser key. A key is stored by its hash
 * alone, so the demo's is kept in `keyFile`, to be shown and used again; a page shows it to everyone.
 */
export async function seedDemo(control: ControlStore, keyFile: string): Promise<Demo> {
  const tenant = await control.createTenant({ slug: 'demo', tier: 'enterprise' });
  const project = await control.createProject({
    tenantId: tenant.value.id,
    name: 'demo',
    origins: [],
    ipPolicy: 'drop',
    retentionDays,
  });
  const projectId = project.value.id;
  const apiKey = readOrMakeSecret(keyFile, () => createSecret({ kind: 'pub', mode: 'live' }, randomBytes));
  const secretSha256 = toSecretSha256(apiKey);
  if ((await control.findGrant(secretSha256)) === null) {
    await control.createKey({
      projectId,
      kind: 'pub',
      mode: 'live',
      name: 'demo site',
      prefix: apiKey.slice(0, 16),
      secretSha256,
      scopes: ['events:write'],
      expiresAt: null,
      ratePerMinute: null,
    });
  }
  return { projectId, apiKey, created: project.created };
}
