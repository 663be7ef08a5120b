import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createSecret, openPgliteControl, toSecretSha256 } from '../src/index.ts';

// Run as a process of its own: creates keys in the folder given and prints each hash once it is answered for.
const [path = ''] = process.argv.slice(2);
const store = await openPgliteControl({ path });
const tenant = await store.createTenant({ slug: 'acme', tier: 'free' });
const project = await store.createProject({
  tenantId: tenant.value.id,
  name: 'Web',
  origins: [],
  ipPolicy: 'drop',
  retentionDays: 400,
});
for (;;) {
  const secret = createSecret({ kind: 'srv', mode: 'test' }, randomBytes);
  const secretSha256 = toSecretSha256(secret);
  await store.createKey({
    projectId: project.value.id,
    kind: 'srv',
    mode: 'test',
    name: 'made until killed',
    prefix: secret.slice(0, 16),
    secretSha256,
    scopes: ['events:write'],
    expiresAt: null,
    ratePerMinute: null,
  });
  writeSync(1, `${secretSha256}\n`);
}
