import type { ControlStore } from '@px-platform/control';
import type { Ask, Calls } from '@px-platform/runtime';

type Method = keyof ControlStore;

/** The calls by which a worker asks for tenants, projects and keys. */
export function toControlCalls(control: ControlStore): Calls {
  const names: readonly Method[] = Object.keys(connectControl(neverAsked)).filter(isMethod);
  return Object.fromEntries(names.map((name) => [`control.${name}`, control[name] satisfies Calls[string]]));

  function isMethod(name: string): name is Method {
    return name in control && name !== 'close';
  }
}

/** Tenants, projects and keys that another process holds: keeps the contract of the store that is served. */
export function connectControl(ask: Ask): ControlStore {
  return {
    createTenant: (input) => ask('control.createTenant', input),
    findTenant: (slugOrId) => ask('control.findTenant', slugOrId),
    listTenants: () => ask('control.listTenants'),
    updateTenant: (slugOrId, change) => ask('control.updateTenant', slugOrId, change),
    createProject: (input) => ask('control.createProject', input),
    findProject: (id) => ask('control.findProject', id),
    listProjects: (tenantId) => ask('control.listProjects', tenantId),
    updateProject: (id, change) => ask('control.updateProject', id, change),
    putEventSchema: (input) => ask('control.putEventSchema', input),
    listEventSchemas: (projectId) => ask('control.listEventSchemas', projectId),
    findEventSchema: (projectId, event) => ask('control.findEventSchema', projectId, event),
    deleteEventSchema: (projectId, event) => ask('control.deleteEventSchema', projectId, event),
    createKey: (input) => ask('control.createKey', input),
    findKey: (id) => ask('control.findKey', id),
    findGrant: (secretSha256) => ask('control.findGrant', secretSha256),
    listKeys: (projectId) => ask('control.listKeys', projectId),
    updateKey: (id, change) => ask('control.updateKey', id, change),
    revokeKey: (id, at) => ask('control.revokeKey', id, at),
    setKeyExpiry: (id, at) => ask('control.setKeyExpiry', id, at),
    touchKeys: (uses) => ask('control.touchKeys', uses),
    ping: () => ask('control.ping'),
    close: async () => undefined,
  };
}

const neverAsked: Ask = () => Promise.reject(new Error('nothing is asked'));
