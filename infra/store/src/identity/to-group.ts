import { z } from 'zod';
import type { Statement } from '../statement.ts';
import type { Group } from './identity-store.ts';

/** Gives a group with its members as identity has them; no row where nobody ever named it. */
export function toGroup(projectId: string, groupId: string): Statement {
  return {
    sql: `
SELECT toUInt32(members), toUnixTimestamp64Milli(first_at), toUnixTimestamp64Milli(last_at), properties
FROM groups(project = {project:String})
WHERE group_id = {group:String}`,
    params: { project: projectId, group: groupId },
  };
}

const groupRow = z.tuple([z.number(), z.coerce.number(), z.coerce.number(), z.string()]);
const propertyBag = z.record(z.string(), z.unknown());

/** Parses the row of `toGroup`; throws where it is none. */
export function parseGroup(row: unknown[]): Group {
  const [members, firstAt, lastAt, properties] = groupRow.parse(row);
  return {
    members,
    firstAt: members === 0 ? null : firstAt,
    lastAt: members === 0 ? null : lastAt,
    properties: propertyBag.parse(JSON.parse(properties)),
  };
}
