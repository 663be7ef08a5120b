import { randomBytes as systemRandomBytes } from 'node:crypto';
import { AppError, type Clock, systemClock } from '@px-platform/runtime';
import { type ProjectSettings, type ProjectSettingsChange, projectSettingsSchema } from '@px-platform/schemas';
import type { RandomBytes } from './base62.ts';
import type { ControlStore, EventSchema, Project, StoredKey, Tenant } from './control-store.ts';
import { createId } from './ids.ts';

/** The control store in memory, for tests of what stands on the port; everything is gone with the process. */
export function createMemoryControl(options: { clock?: Clock; randomBytes?: RandomBytes } = {}): ControlStore {
  const { clock = systemClock, randomBytes = systemRandomBytes } = options;
  const tenants = new Map<string, Tenant>();
  const projects = new Map<string, Project>();
  const keys = new Map<string, StoredKey>();
  const eventSchemas = new Map<string, Map<string, EventSchema>>();
  const keyIdBySha256 = new Map<string, string>();
  let isClosed = false;

  async function open(): Promise<void> {
    if (isClosed) throw new AppError('control_unavailable', 'The control store in memory is closed.');
  }

  function change(id: string, toChange: (key: StoredKey) => Partial<StoredKey>): StoredKey | null {
    const key = keys.get(id);
    if (key === undefined) return null;
    const changed = { ...key, ...toChange(key) };
    keys.set(id, changed);
    return structuredClone(changed);
  }

  function findTenant(slugOrId: string): Tenant | undefined {
    return [...tenants.values()].find((tenant) => tenant.slug === slugOrId || tenant.id === slugOrId);
  }

  function raisePlanVersion(projectId: string): void {
    const project = projects.get(projectId);
    if (project === undefined) throw new AppError('control_unavailable', `There is no project ${projectId}.`);
    projects.set(projectId, { ...project, plan_version: project.plan_version + 1 });
  }

  return {
    async createTenant({ slug, tier }) {
      await open();
      const same = [...tenants.values()].find((tenant) => tenant.slug === slug);
      if (same !== undefined) return { created: false, value: structuredClone(same) };
      const tenant = { id: createId('ten', randomBytes), slug, tier, created_at: new Date(clock()) };
      tenants.set(tenant.id, tenant);
      return { created: true, value: structuredClone(tenant) };
    },
    async findTenant(slugOrId) {
      await open();
      return structuredClone(findTenant(slugOrId) ?? null);
    },
    async listTenants() {
      await open();
      return structuredClone([...tenants.values()]);
    },
    async updateTenant(slugOrId, change) {
      await open();
      const tenant = findTenant(slugOrId);
      if (tenant === undefined) return null;
      const changed = { ...tenant, ...change };
      tenants.set(tenant.id, changed);
      return structuredClone(changed);
    },
    async createProject({ tenantId, name, origins, ipPolicy, retentionDays, settings = {} }) {
      await open();
      if (!tenants.has(tenantId)) throw new AppError('control_unavailable', `There is no tenant ${tenantId}.`);
      const same = [...projects.values()].find((project) => project.tenant_id === tenantId && project.name === name);
      if (same !== undefined) return { created: false, value: structuredClone(same) };
      const project = {
        id: createId('prj', randomBytes),
        tenant_id: tenantId,
        name,
        origins: [...origins],
        ip_policy: ipPolicy,
        retention_days: retentionDays,
        plan_version: 0,
        settings: structuredClone(settings),
        created_at: new Date(clock()),
      };
      projects.set(project.id, project);
      return { created: true, value: structuredClone(project) };
    },
    async findProject(id) {
      await open();
      return structuredClone(projects.get(id) ?? null);
    },
    async listProjects(tenantId) {
      await open();
      const all = [...projects.values()];
      return structuredClone(all.filter((project) => tenantId === null || project.tenant_id === tenantId));
    },
    async updateProject(id, change) {
      await open();
      const project = projects.get(id);
      if (project === undefined) return null;
      const changed = structuredClone({
        ...project,
        origins: change.origins ?? project.origins,
        ip_policy: change.ip_policy ?? project.ip_policy,
        retention_days: change.retention_days ?? project.retention_days,
        settings: mergeSettings(project.settings, change.settings ?? {}),
      });
      projects.set(id, changed);
      return structuredClone(changed);
    },
    async putEventSchema({ projectId, event, mode, schema }) {
      await open();
      raisePlanVersion(projectId);
      const own = eventSchemas.get(projectId) ?? new Map<string, EventSchema>();
      const created = !own.has(event);
      const value = { project_id: projectId, event, mode, schema, updated_at: new Date(clock()) };
      eventSchemas.set(projectId, own.set(event, structuredClone(value)));
      return { created, value: structuredClone(value) };
    },
    async listEventSchemas(projectId) {
      await open();
      const own = [...(eventSchemas.get(projectId)?.values() ?? [])];
      return structuredClone(own.sort((one, other) => (one.event < other.event ? -1 : 1)));
    },
    async findEventSchema(projectId, event) {
      await open();
      return structuredClone(eventSchemas.get(projectId)?.get(event) ?? null);
    },
    async deleteEventSchema(projectId, event) {
      await open();
      const found = eventSchemas.get(projectId)?.get(event);
      if (found === undefined) return null;
      raisePlanVersion(projectId);
      eventSchemas.get(projectId)?.delete(event);
      return found;
    },
    async createKey(input) {
      await open();
      if (!projects.has(input.projectId) || keyIdBySha256.has(input.secretSha256)) {
        throw new AppError('control_unavailable', `There is no project ${input.projectId}, or the secret is taken.`);
      }
      const key: StoredKey = {
        id: createId('key', randomBytes),
        project_id: input.projectId,
        kind: input.kind,
        mode: input.mode,
        name: input.name,
        prefix: input.prefix,
        scopes: [...input.scopes],
        created_at: new Date(clock()),
        expires_at: input.expiresAt,
        last_used_at: null,
        revoked_at: null,
        rate_per_minute: input.ratePerMinute,
      };
      keys.set(key.id, key);
      keyIdBySha256.set(input.secretSha256, key.id);
      return structuredClone(key);
    },
    async findKey(id) {
      await open();
      return structuredClone(keys.get(id) ?? null);
    },
    async findGrant(secretSha256) {
      await open();
      const key = keys.get(keyIdBySha256.get(secretSha256) ?? '');
      const project = projects.get(key?.project_id ?? '');
      const tenant = tenants.get(project?.tenant_id ?? '');
      if (key === undefined || project === undefined || tenant === undefined) return null;
      return structuredClone({ key, project, tenant });
    },
    async listKeys(projectId) {
      await open();
      return structuredClone([...keys.values()].filter((key) => key.project_id === projectId));
    },
    async updateKey(id, { name, rate_per_minute }) {
      await open();
      return change(id, (key) => ({
        name: name ?? key.name,
        rate_per_minute: rate_per_minute === undefined ? key.rate_per_minute : rate_per_minute,
      }));
    },
    async revokeKey(id, at) {
      await open();
      return change(id, (key) => ({ revoked_at: key.revoked_at ?? at }));
    },
    async setKeyExpiry(id, at) {
      await open();
      return change(id, () => ({ expires_at: at }));
    },
    async touchKeys(uses) {
      await open();
      for (const { id, at } of uses) {
        change(id, (key) => ({ last_used_at: new Date(Math.max(at.getTime(), key.last_used_at?.getTime() ?? 0)) }));
      }
    },
    ping: open,
    async close() {
      isClosed = true;
    },
  };
}

/** As the database does: what is undefined stays, what is null goes. */
function mergeSettings(before: ProjectSettings, change: ProjectSettingsChange): ProjectSettings {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const merged = Object.entries({ ...before, ...Object.fromEntries(given) }).filter(([, value]) => value !== null);
  return projectSettingsSchema.parse(Object.fromEntries(merged));
}
