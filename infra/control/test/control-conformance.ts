import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@px-platform/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ControlStore, KeyKind, Project } from '../src/control-store.ts';
import { createSecret, toSecretSha256 } from '../src/key-secret.ts';

/** It stands still: what must come in an order may not take it from the time. */
const clock: Clock = () => Date.UTC(2026, 0, 1);
const unknownSha256 = createHash('sha256').update('unknown').digest('hex');

/** What every control store does: run by each adapter's test with how to open one, empty, by a clock. */
export function describeControlStore(name: string, open: (clock: Clock) => Promise<ControlStore>): void {
  describe(name, () => {
    let store: ControlStore;
    let slugs = 0;

    beforeAll(async () => {
      store = await open(clock);
    });
    afterAll(() => store.close());

    async function createTenant() {
      return (await store.createTenant({ slug: `tenant-${++slugs}`, tier: 'pro' })).value;
    }

    async function createProject(name = 'Web', tenantId?: string): Promise<Project> {
      const input = { name, origins: ['https://acme.com'], ipPolicy: 'drop' as const, retentionDays: 400 };
      return (await store.createProject({ tenantId: tenantId ?? (await createTenant()).id, ...input })).value;
    }

    async function createKey(project: Project, kind: KeyKind = 'srv') {
      const secret = createSecret({ kind, mode: 'live' }, randomBytes);
      const key = await store.createKey({
        projectId: project.id,
        kind,
        mode: 'live',
        name: 'first',
        prefix: secret.slice(0, 16),
        secretSha256: toSecretSha256(secret),
        scopes: kind === 'pub' ? ['events:write'] : ['events:write', 'query:read'],
        expiresAt: null,
        ratePerMinute: 120,
      });
      return { key, secretSha256: toSecretSha256(secret) };
    }

    it('creates a tenant once and gives it as it is afterwards', async () => {
      const made = await store.createTenant({ slug: 'acme', tier: 'pro' });
      expect(made).toEqual({
        created: true,
        value: {
          id: expect.stringMatching(/^ten_[0-9A-Za-z]{20}$/),
          slug: 'acme',
          tier: 'pro',
          created_at: expect.any(Date),
        },
      });
      expect(await store.createTenant({ slug: 'acme', tier: 'free' })).toEqual({ created: false, value: made.value });
    });

    it('creates one tenant for two callers at once', async () => {
      const both = await Promise.all([1, 2].map(() => store.createTenant({ slug: 'twice', tier: 'free' })));
      expect(both.map(({ created }) => created).sort()).toEqual([false, true]);
      expect(both[0]?.value).toEqual(both[1]?.value);
    });

    it('finds a tenant by slug and by id, and none by another name', async () => {
      const tenant = await createTenant();
      expect(await store.findTenant(tenant.slug)).toEqual(tenant);
      expect(await store.findTenant(tenant.id)).toEqual(tenant);
      expect(await store.findTenant('nobody')).toBeNull();
    });

    it('lists tenants in the order of their making', async () => {
      const tenants = [];
      for (let made = 0; made < 5; made++) tenants.push(await createTenant());
      expect((await store.listTenants()).slice(-5)).toEqual(tenants);
    });

    it('creates a project once by its name in a tenant', async () => {
      const tenant = await createTenant();
      const project = await createProject('Web', tenant.id);
      expect(project).toEqual({
        id: expect.stringMatching(/^prj_[0-9A-Za-z]{20}$/),
        tenant_id: tenant.id,
        name: 'Web',
        origins: ['https://acme.com'],
        ip_policy: 'drop',
        retention_days: 400,
        plan_version: 0,
        settings: {},
        created_at: expect.any(Date),
      });
      const input = { tenantId: tenant.id, name: 'Web', origins: [], ipPolicy: 'keep' as const, retentionDays: 1 };
      expect(await store.createProject(input)).toEqual({ created: false, value: project });
      expect((await createProject('Web')).id).not.toBe(project.id);
      expect(await store.findProject(project.id)).toEqual(project);
      expect(await store.findProject('prj_none')).toBeNull();
    });

    it('changes the tier of a tenant, and a grant says it', async () => {
      const project = await createProject();
      const { secretSha256 } = await createKey(project);
      const tenant = await store.findTenant(project.tenant_id);
      const changed = await store.updateTenant(tenant?.slug ?? '', { tier: 'enterprise' });
      expect(changed).toEqual({ ...tenant, tier: 'enterprise' });
      expect((await store.findGrant(secretSha256))?.tenant).toEqual(changed);
      expect(await store.updateTenant(project.tenant_id, { tier: 'free' })).toMatchObject({ tier: 'free' });
      expect(await store.updateTenant('nobody', { tier: 'free' })).toBeNull();
    });

    it('changes of a project what is named, and a grant says it', async () => {
      const [project, other] = [await createProject(), await createProject()];
      const { secretSha256 } = await createKey(project);
      const origins = ['https://one.example', 'https://*.two.example'];
      const changed = await store.updateProject(project.id, {
        origins,
        ip_policy: 'truncate',
        retention_days: undefined,
      });
      expect(changed).toEqual({ ...project, origins, ip_policy: 'truncate' });
      expect((await store.findGrant(secretSha256))?.project).toEqual(changed);
      expect(await store.updateProject(project.id, { origins: [], retention_days: 1 })).toEqual({
        ...project,
        origins: [],
        ip_policy: 'truncate',
        retention_days: 1,
      });
      expect(await store.updateProject(project.id, {})).toMatchObject({ origins: [], retention_days: 1 });
      expect(await store.findProject(other.id)).toEqual(other);
      expect(await store.updateProject('prj_none', { origins: [] })).toBeNull();
    });

    it('keeps the settings of a project from its making, and changes them one by one', async () => {
      const settings = { internal_hosts: ['acme.com'], denied_properties: ['ü "\\\''] };
      const input = { name: 'Set', origins: [], ipPolicy: 'drop' as const, retentionDays: 1, settings };
      const { value: project } = await store.createProject({ tenantId: (await createTenant()).id, ...input });
      const { secretSha256 } = await createKey(project);
      expect(project.settings).toEqual(settings);
      await store.updateProject(project.id, {
        settings: { payment_hosts: ['pay.example'], internal_hosts: undefined },
      });
      expect((await store.findGrant(secretSha256))?.project.settings).toEqual({
        ...settings,
        payment_hosts: ['pay.example'],
      });
      await store.updateProject(project.id, { settings: { internal_hosts: null, cookieless_visitors: null } });
      await store.updateProject(project.id, { retention_days: 2 });
      expect(await store.findProject(project.id)).toEqual({
        ...project,
        retention_days: 2,
        settings: { payment_hosts: ['pay.example'], denied_properties: settings.denied_properties },
      });
    });

    it('loses no change of a project that several make at once', async () => {
      const { id } = await createProject();
      const changes = [
        { settings: { internal_hosts: ['a.example'] } },
        { settings: { payment_hosts: ['b.example'] } },
        { settings: { denied_properties: ['email'] } },
        { retention_days: 7 },
      ];
      await Promise.all(changes.map((change) => store.updateProject(id, change)));
      expect(await store.findProject(id)).toMatchObject({
        retention_days: 7,
        settings: { internal_hosts: ['a.example'], payment_hosts: ['b.example'], denied_properties: ['email'] },
      });
    });

    it('refuses a project of an unknown tenant and a key of an unknown project', async () => {
      const project = { ...(await createProject()), id: 'prj_none' };
      await expect(createProject('Web', 'ten_none')).rejects.toMatchObject({ code: 'control_unavailable' });
      await expect(createKey(project)).rejects.toMatchObject({ code: 'control_unavailable' });
    });

    it("lists a tenant's projects in the order of their making, or all", async () => {
      const tenant = await createTenant();
      const projects = [];
      for (const name of ['Two', 'One', 'Four', 'Three', 'Five']) projects.push(await createProject(name, tenant.id));
      const other = await createProject();
      expect(await store.listProjects(tenant.id)).toEqual(projects);
      expect(await store.listProjects(null)).toEqual(expect.arrayContaining([...projects, other]));
      expect(await store.listProjects('ten_none')).toEqual([]);
    });

    it('keeps a key with all that was said of it, and gives its grant by the hash of its secret', async () => {
      const project = await createProject();
      const { key, secretSha256 } = await createKey(project);
      expect(key).toEqual({
        id: expect.stringMatching(/^key_[0-9A-Za-z]{20}$/),
        project_id: project.id,
        kind: 'srv',
        mode: 'live',
        name: 'first',
        prefix: expect.stringMatching(/^px_srv_live_.{4}$/),
        scopes: ['events:write', 'query:read'],
        created_at: expect.any(Date),
        expires_at: null,
        last_used_at: null,
        revoked_at: null,
        rate_per_minute: 120,
      });
      expect(await store.findKey(key.id)).toEqual(key);
      expect(await store.findGrant(secretSha256)).toEqual({
        key,
        project,
        tenant: await store.findTenant(project.tenant_id),
      });
    });

    it('knows no key that was not made', async () => {
      expect(await store.findKey('key_none')).toBeNull();
      expect(await store.findGrant(unknownSha256)).toBeNull();
      expect(await store.listKeys('prj_none')).toEqual([]);
    });

    it('lists the keys of one project in the order of their making, without their hashes', async () => {
      const project = await createProject();
      const made = [];
      for (const kind of ['srv', 'pub', 'srv', 'pub', 'srv'] as const) made.push(await createKey(project, kind));
      await createKey(await createProject());
      const listed = await store.listKeys(project.id);
      expect(listed).toEqual(made.map(({ key }) => key));
      for (const { secretSha256 } of made) expect(JSON.stringify(listed)).not.toContain(secretSha256);
    });

    it('keeps the schemas of events as they were given, one of each name', async () => {
      const project = await createProject();
      const schema = {
        type: 'object',
        properties: { 'ü/\u0000\ud800': { enum: [1e300, null, { b: 1, a: [] }] } },
        $id: 'x',
      };
      const event = 'Order: Completed / é "x"';
      const input = { projectId: project.id, event, mode: 'warn' as const, schema };
      const put = await store.putEventSchema(input);
      expect(put).toEqual({
        created: true,
        value: { project_id: project.id, event, mode: 'warn', schema, updated_at: expect.any(Date) },
      });
      expect(await store.findEventSchema(project.id, event)).toEqual(put.value);
      expect(JSON.stringify((await store.findEventSchema(project.id, event))?.schema)).toBe(JSON.stringify(schema));
      const second = await store.putEventSchema({ ...input, mode: 'reject', schema: {} });
      expect(second).toMatchObject({ created: false, value: { mode: 'reject', schema: {} } });
      const others = ['b', 'a', 'B'].map((name) => store.putEventSchema({ ...input, event: name }));
      await Promise.all(others);
      const listed = await store.listEventSchemas(project.id);
      expect(listed.map((one) => one.event)).toEqual(['B', event, 'a', 'b']);
      expect(await store.findEventSchema(project.id, 'order: completed / é "x"')).toBeNull();
      expect(await store.listEventSchemas((await createProject()).id)).toEqual([]);
    });

    it("raises a project's plan version with each change of its schemas, and a grant says it", async () => {
      const [project, other] = [await createProject(), await createProject()];
      const { secretSha256 } = await createKey(project);
      const input = { projectId: project.id, event: 'a', mode: 'off' as const, schema: {} };
      const versions = [];
      const { value } = await store.putEventSchema(input);
      versions.push((await store.findGrant(secretSha256))?.project.plan_version);
      await store.putEventSchema(input);
      versions.push((await store.findProject(project.id))?.plan_version);
      expect(await store.deleteEventSchema(project.id, 'a')).toMatchObject({ event: 'a', mode: value.mode });
      versions.push((await store.findGrant(secretSha256))?.project.plan_version);
      expect(versions).toEqual([1, 2, 3]);
      expect(await store.deleteEventSchema(project.id, 'a')).toBeNull();
      expect(await store.findEventSchema(project.id, 'a')).toBeNull();
      expect((await store.findProject(other.id))?.plan_version).toBe(0);
    });

    it('loses no change of a plan that several make at once', async () => {
      const project = await createProject();
      const put = (event: string) => store.putEventSchema({ projectId: project.id, event, mode: 'warn', schema: {} });
      const made = await Promise.all(['a', 'b', 'a', 'c', 'a', 'b'].map(put));
      expect(made.filter(({ created }) => created)).toHaveLength(3);
      expect((await store.findProject(project.id))?.plan_version).toBe(6);
      expect(await store.listEventSchemas(project.id)).toHaveLength(3);
    });

    it('refuses a schema of an unknown project', async () => {
      const input = { projectId: 'prj_none', event: 'a', mode: 'warn' as const, schema: {} };
      await expect(store.putEventSchema(input)).rejects.toMatchObject({ code: 'control_unavailable' });
      expect(await store.listEventSchemas('prj_none')).toEqual([]);
      expect(await store.deleteEventSchema('prj_none', 'a')).toBeNull();
    });

    it("changes a key's name and rate, and a grant says it", async () => {
      const { key, secretSha256 } = await createKey(await createProject());
      expect(await store.updateKey(key.id, { rate_per_minute: null })).toEqual({ ...key, rate_per_minute: null });
      const changed = await store.updateKey(key.id, { name: 'second', rate_per_minute: 5 });
      expect(changed).toEqual({ ...key, name: 'second', rate_per_minute: 5 });
      expect((await store.findGrant(secretSha256))?.key).toEqual(changed);
      expect(await store.updateKey(key.id, { name: undefined })).toEqual(changed);
      expect(await store.updateKey('key_none', { name: 'x' })).toBeNull();
    });

    it('revokes a key once: the first instant stays', async () => {
      const { key, secretSha256 } = await createKey(await createProject());
      const at = new Date('2026-01-01T00:00:00.123Z');
      expect(await store.revokeKey(key.id, at)).toEqual({ ...key, revoked_at: at });
      expect(await store.revokeKey(key.id, new Date('2027-01-01'))).toEqual({ ...key, revoked_at: at });
      expect((await store.findGrant(secretSha256))?.key.revoked_at).toEqual(at);
      expect(await store.revokeKey('key_none', at)).toBeNull();
    });

    it("sets a key's expiry", async () => {
      const { key } = await createKey(await createProject());
      const at = new Date('2026-02-02T00:00:00.456Z');
      expect(await store.setKeyExpiry(key.id, at)).toEqual({ ...key, expires_at: at });
      expect(await store.setKeyExpiry('key_none', at)).toBeNull();
    });

    it('notes the latest use of each key, and passes over keys that are none', async () => {
      const project = await createProject();
      const [one, two] = [await createKey(project), await createKey(project)];
      const late = new Date('2026-03-03T00:00:01.500Z');
      await store.touchKeys([]);
      await store.touchKeys([
        { id: one.key.id, at: late },
        { id: 'key_none', at: late },
      ]);
      await store.touchKeys([
        { id: one.key.id, at: new Date('2026-03-03T00:00:00Z') },
        { id: two.key.id, at: late },
      ]);
      expect((await store.listKeys(project.id)).map((key) => key.last_used_at)).toEqual([late, late]);
    });

    it('notes the uses of more keys than one statement can hold', async () => {
      const { key } = await createKey(await createProject());
      const at = new Date('2026-03-03T00:00:00Z');
      const others = Array.from({ length: 2_500 }, (_, n) => ({ id: `key_none_${n}`, at }));
      await store.touchKeys([...others, { id: key.id, at }]);
      expect((await store.findKey(key.id))?.last_used_at).toEqual(at);
    });

    it('gives values of its own: changing one changes nothing stored', async () => {
      const project = await createProject();
      project.origins.push('https://evil.com');
      expect((await store.findProject(project.id))?.origins).toEqual(['https://acme.com']);
    });

    it('answers a ping until it is closed', async () => {
      const closing = await open(clock);
      await closing.ping();
      await closing.close();
      await expect(closing.ping()).rejects.toMatchObject({ code: 'control_unavailable' });
      await expect(closing.listTenants()).rejects.toMatchObject({ code: 'control_unavailable' });
    });
  });
}
