import { isBlockedId, toPlainMail } from '@px-platform/schemas';
import type { Engine } from '../engine.ts';
import type { PurgeSubject } from './purge-store.ts';

/** A purge of more ids is refused: a mail address that so many bear is nobody's. */
export const maxPurgeIds = 10_000;

/**
 * Gives all ids of the person, or of each person that bears the mail address: those that were joined by identify and alias,
 * and those asked for; at most `maxPurgeIds` + 1. Ids that name nobody are none. Throws `store_unavailable`.
 */
export async function findPersonIds(engine: Engine, projectId: string, subject: PurgeSubject): Promise<string[]> {
  const seeds = subject.kind === 'email' ? await findByMail(engine, projectId, subject.value) : [subject.value];
  const found = new Set(seeds.filter((id) => !isBlockedId(id)));
  // In slices: a parameter is part of the statement, whose length is bounded.
  const asked = [...found];
  for (let at = 0; at < asked.length && found.size <= maxPurgeIds; at += 1_000) {
    const { rows } = await engine.ask({
      sql: `
SELECT DISTINCT id
FROM person_ids(project = {project:String})
WHERE person_id != '' AND person_id IN (SELECT person_id FROM person_ids(project = {project:String}) WHERE id IN {ids:Array(String)})
LIMIT {limit:UInt32}`,
      params: { project: projectId, ids: asked.slice(at, at + 1_000), limit: maxPurgeIds + 1 },
    });
    for (const [id] of rows) if (!isBlockedId(String(id))) found.add(String(id));
  }
  return [...found].slice(0, maxPurgeIds + 1);
}

const isMail = (json: string): string => `lower(trim(ifNull(toString(${json}), ''))) = {mail:String}`;

async function findByMail(engine: Engine, projectId: string, address: string): Promise<string[]> {
  const { rows } = await engine.ask({
    sql: `
SELECT DISTINCT user_id, anonymous_id
FROM events
WHERE project_id = {project:String} AND (${isMail('properties.email')} OR ${isMail('traits.email')})
UNION DISTINCT
SELECT DISTINCT id, ''
FROM identity_properties
WHERE project_id = {project:String} AND holder = 'person' AND property = 'email'
  AND {mail:String} IN (lower(trim(JSONExtractString(first.value))), lower(trim(JSONExtractString(last.value))))
LIMIT {limit:UInt32}`,
    params: { project: projectId, mail: toPlainMail(address), limit: maxPurgeIds + 1 },
  });
  return rows.map(([user, anonymous]) => (isBlockedId(String(user)) ? String(anonymous) : String(user)));
}
