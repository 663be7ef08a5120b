import { expect, it } from 'vitest';
import { personId } from './person-id.ts';

it('looks an event up once, by its user where that is somebody, in its own project', () => {
  const subject =
    /if\(events\.anonymous_id != '' AND lower\(trim\(BOTH ' "''' FROM events\.user_id\)\) IN \('', '0', .*'null', .*\), events\.anonymous_id, events\.user_id\)/;
  expect(personId.join.replace(subject, '<subject>')).toBe(
    'LEFT ANY JOIN person_ids(project = {project:String}) AS person ON person.id = <subject>',
  );
  expect(personId.sql.replace(subject, '<subject>')).toBe(
    "multiIf(person.person_id != '', person.person_id, person.is_nobody AND events.anonymous_id != '', events.anonymous_id, <subject>)",
  );
});
