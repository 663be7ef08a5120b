import type { Caller } from '../auth/caller.ts';

/** Gives the one project that a caller may read. */
export function projectOf(caller: Caller): string {
  return caller.kind === 'key' ? caller.project.id : caller.projectId;
}
