/**
 * Ids that name nobody, lower-case: what a program writes where it has no value, and what examples and forms are filled
 * with. A person under such an id would be everybody.
 */
export const blockedIds = [
  '',
  '0',
  '-1',
  'null',
  '(null)',
  'nil',
  'none',
  'undefined',
  'nan',
  'n/a',
  'true',
  'false',
  '[object object]',
  '{}',
  '[]',
  '00000000-0000-0000-0000-000000000000',
  'anonymous',
  'anonymous_id',
  'anonymousid',
  'distinct_id',
  'distinctid',
  'email',
  'guest',
  'id',
  'not_authenticated',
  'unknown',
  'user',
  'user_id',
  'userid',
] as const;

const blocked: ReadonlySet<string> = new Set(blockedIds);
const around = /^[\s"']+|[\s"']+$/g;

/** Says whether an id names nobody, whatever its case and the quotes or blanks around it. Never throws. */
export function isBlockedId(id: string): boolean {
  if (id.length > 40) return false;
  return blocked.has(id.replaceAll(around, '').toLowerCase());
}
