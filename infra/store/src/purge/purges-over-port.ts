import type { Ask, Calls } from '@px-platform/runtime';
import type { PurgeDesk, PurgeSubject } from './purge-store.ts';

/** The calls by which another process asks for purges, for `serveCalls`. */
export function toPurgeCalls(purges: PurgeDesk): Calls {
  return {
    'purges.request': (purge: Parameters<PurgeDesk['request']>[0]) => purges.request(purge),
    'purges.find': (projectId: string, id: string) => purges.find(projectId, id),
    'purges.preview': (projectId: string, subject: PurgeSubject) => purges.preview(projectId, subject),
  };
}

/** Purges in another process than the engine: keeps the contract of the desk that is served. */
export function connectPurgeDesk(ask: Ask): PurgeDesk {
  return {
    request: (purge) => ask('purges.request', purge),
    find: (projectId, id) => ask('purges.find', projectId, id),
    preview: (projectId, subject) => ask('purges.preview', projectId, subject),
  };
}
