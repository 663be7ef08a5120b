import { MessageChannel } from 'node:worker_threads';
import { askOver, serveCalls } from '@px-platform/runtime';
import { type EventRow, questionSchema } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { storeEvents } from '../../test/store-events.ts';
import { createClickHouseEventStore } from '../clickhouse-event-store.ts';
import { personId } from '../queries/person-id.ts';
import { connectIdentity, toIdentityCalls } from './identity-over-port.ts';
import type { IdentityDecisionKind } from './identity-store.ts';

const start = Date.UTC(2026, 4, 1);
let test: TestStore;
let partition = 0;
/** Asked as the server asks it: from another process. */
const { port1, port2 } = new MessageChannel();
const overPort = connectIdentity(askOver(port2));
beforeAll(async () => {
  test = await openEmbeddedTestStore();
  serveCalls(port1, toIdentityCalls(test.identity));
});
afterAll(async () => {
  port1.close();
  await test.store.close();
});

const wholeDay = { from: new Date(start).toISOString(), to: new Date(start + 86_400_000).toISOString() };

async function readVisitors(projectId: string): Promise<number> {
  const { rows } = await test.reader.ask(projectId, questionSchema.parse({ question: 'overview', ...wholeDay }));
  return Number(rows[0]?.[0]);
}

/** A project of its own; events happen a second after each other, in the order given. */
function openProject(name: string) {
  const projectId = `prj_${name}`;
  let said = 0;
  const ask = async (sql: string): Promise<unknown[][]> =>
    (await test.engine.ask({ sql, params: { project: projectId } })).rows;
  return {
    say: (...events: Partial<EventRow>[]): Promise<void> => {
      partition += 1;
      const rows = events.map((own) => {
        said += 1;
        const person_key = own.anonymous_id || own.user_id || '';
        return { anonymous_id: '', person_key, timestamp: start + said * 1_000, ...own };
      });
      return storeEvents(test.store, { projectId, partition }, rows);
    },
    countPersons: async (): Promise<number> => {
      const sql = `SELECT uniqExact(${personId.sql}) FROM events\n${personId.join}\nWHERE project_id = {project:String}`;
      const persons = Number((await ask(sql))[0]?.[0]);
      // Questions count the same.
      expect(await readVisitors(projectId)).toBe(persons);
      return persons;
    },
    listPersons: async (): Promise<unknown[]> => {
      const sql = `SELECT DISTINCT ${personId.sql} AS p FROM events\n${personId.join}\nWHERE project_id = {project:String} ORDER BY p`;
      const persons = (await ask(sql)).flat();
      expect(await readVisitors(projectId)).toBe(persons.length);
      return persons;
    },
    timeline: async (person: string): Promise<unknown[]> => {
      const question = questionSchema.parse({ question: 'person_timeline', ...wholeDay, person });
      const { columns, rows } = await test.reader.ask(projectId, question);
      return rows.map((row) => row[columns.indexOf('event_id')]);
    },
    ask: (question: object) => test.reader.ask(projectId, questionSchema.parse({ ...wholeDay, ...question })),
    readPersons: () =>
      ask(
        'SELECT person_id, ids, is_identified, properties FROM persons(project = {project:String}) ORDER BY person_id',
      ),
    personOf: (id: string) => overPort.personOf(projectId, id),
    groupOf: (groupId: string) => overPort.groupOf(projectId, groupId),
    readGroups: () =>
      ask('SELECT group_id, toUInt32(members), properties FROM groups(project = {project:String}) ORDER BY group_id'),
    readOutcomes: async (id: string): Promise<string[]> =>
      (await overPort.mergesOf(projectId, id, 100)).map((merge) => `${merge.id} ${merge.userId} ${merge.outcome}`),
    decide: (id: string, decision: IdentityDecisionKind, decidedAt: number) =>
      overPort.decide([{ projectId, id, decision, decidedAt, decidedBy: 'ops', note: 'by mistake' }]),
    countRows: async (table: string): Promise<number> =>
      Number((await ask(`SELECT count() FROM ${table} WHERE project_id = {project:String}`))[0]?.[0]),
  };
}

const view = (anonymous_id: string, user_id = ''): Partial<EventRow> => ({ anonymous_id, user_id });
const identify = (anonymous_id: string, user_id: string, traits = {}): Partial<EventRow> => ({
  event: 'identify',
  anonymous_id,
  user_id,
  traits,
});
const alias = (previous_id: string, user_id: string): Partial<EventRow> => ({
  event: 'alias',
  user_id,
  properties: { previous_id },
});

describe('a person', () => {
  it('is one at once with what was done before identify, and on another device', async () => {
    const project = openProject('at_once');
    await project.say(view('phone'), view('phone'), view('stranger'));
    expect(await project.listPersons()).toEqual(['phone', 'stranger']);
    await project.say(identify('phone', 'anna'), view('phone', 'anna'));
    expect(await project.listPersons()).toEqual(['anna', 'stranger']);
    await project.say(view('laptop'), identify('laptop', 'anna'), view('laptop'));
    expect(await project.listPersons()).toEqual(['anna', 'stranger']);
    expect(await project.readPersons()).toEqual([['anna', ['anna', 'laptop', 'phone'], true, '{}']]);
  });

  it('is given by any of its ids, with what is known of it', async () => {
    const project = openProject('given');
    await project.say(view('phone'), identify('phone', 'anna', { plan: 'pro', "o'neil": { a: [1] } }));
    expect(await project.personOf('phone')).toEqual({
      personId: 'anna',
      ids: ['anna', 'phone'],
      isIdentified: true,
      identifiedAt: start + 2_000,
      properties: { plan: 'pro', "o'neil": { a: [1] } },
    });
    await project.say({ anonymous_id: 'visitor', properties: { $set: { plan: 'free' } } }, view('stranger'));
    const visitor = { personId: 'visitor', ids: ['visitor'], isIdentified: false, identifiedAt: null };
    expect(await project.personOf('visitor')).toEqual({ ...visitor, properties: { plan: 'free' } });
    expect(await project.personOf('stranger')).toBeNull();
    await project.decide('anna', 'block', start);
    expect(await project.personOf('anna')).toEqual({
      personId: null,
      ids: [],
      isIdentified: false,
      identifiedAt: null,
      properties: {},
    });
  });

  it('is of one project', async () => {
    const [one, other] = [openProject('one'), openProject('other')];
    await one.say(view('phone'), identify('phone', 'anna'));
    await other.say(view('phone'));
    expect(await other.listPersons()).toEqual(['phone']);
  });

  it('keeps the first user of a shared device, and the second is another', async () => {
    const project = openProject('shared');
    await project.say(view('tablet'), identify('tablet', 'anna'), identify('tablet', 'berta'), view('tablet', 'berta'));
    expect(await project.listPersons()).toEqual(['anna', 'berta']);
    expect(await project.readOutcomes('tablet')).toEqual(['tablet berta already_joined', 'tablet anna joined']);
  });

  it('is followed over new names, one after the other', async () => {
    const project = openProject('renamed');
    const names = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5'];
    await project.say(view('phone'), identify('phone', 'n0'));
    await project.say(...names.slice(1).flatMap((name, at) => [alias(`n${at}`, name), identify('', name)]));
    await project.say(view('laptop'), identify('laptop', 'n5'));
    expect(await project.listPersons()).toEqual(['n0']);
  });

  it('never joins another who is known too', async () => {
    const project = openProject('two_users');
    await project.say(
      identify('phone', 'anna'),
      identify('laptop', 'berta'),
      alias('anna', 'berta'),
      alias('berta', 'anna'),
    );
    expect(await project.listPersons()).toEqual(['anna', 'berta']);
    expect(await project.readOutcomes('anna')).toEqual([
      'berta anna two_users',
      'anna berta two_users',
      'phone anna joined',
    ]);
  });

  it('has whatever letters its ids have', async () => {
    const project = openProject('hostile');
    const ids = ["o'neil", 'a"b\\', 'tab\tnew\nline', '💚', '{x:String} --'];
    await project.say(...ids.flatMap((id) => [view(`${id}?`), identify(`${id}?`, id)]));
    expect(await project.listPersons()).toEqual([...ids].sort());
  });

  it('leaves nothing where analytics were denied', async () => {
    const project = openProject('denied');
    await project.say({ ...identify('phone', 'anna', { plan: 'pro' }), consent_analytics: 'denied' });
    expect(await project.readPersons()).toEqual([]);
  });
});

describe('an id that names nobody', () => {
  const blocked = ['null', 'undefined', '0', 'anonymous', 'NaN', '[object Object]', 'guest', ' "None" '];

  it('joins nobody, as a user', async () => {
    const project = openProject('blocked_users');
    const said = blocked.map((id, at) => [
      view(`a${at}`),
      identify(`a${at}`, id, { plan: 'pro' }),
      view(`a${at}`, id),
      view(`b${at}`, id),
    ]);
    await project.say(...said.flat());
    expect(await project.countPersons()).toBe(2 * blocked.length);
    expect(await project.readOutcomes('NaN')).toEqual(['a4 NaN blocked_id']);
  });

  it('joins nobody, as a visitor', async () => {
    const project = openProject('blocked_visitors');
    await project.say(...blocked.flatMap((id) => [identify(id, 'anna'), identify(id, 'berta'), alias(id, 'clara')]));
    expect(await project.listPersons()).toEqual(['anna', 'berta', 'clara']);
  });
});

describe('an id that too many joined', () => {
  const many = (count: number, userId: string): Partial<EventRow>[] =>
    Array.from({ length: count }, (_, at) => [view(`a${at}`), identify(`a${at}`, userId)]).flat();

  it.each([
    ['shop@example.com', 49, 1],
    ['shop@example.com', 50, 50],
    ['customer-7', 200, 1],
    ['customer-7', 201, 201],
  ])('%s by %i visitors is %i persons', async (userId, visitors, persons) => {
    const project = openProject(`crowd_${userId}_${visitors}`);
    await project.say(...many(visitors, userId));
    expect(await project.countPersons()).toBe(persons);
  });

  it('is one person again where an operator trusts it, and the log says what it was', async () => {
    const project = openProject('trusted');
    await project.say(...many(50, 'shop@example.com'));
    expect(await project.readOutcomes('a7')).toEqual(['a7 shop@example.com quarantined']);
    await project.decide('shop@example.com', 'trust', start);
    expect(await project.listPersons()).toEqual(['shop@example.com']);
    await project.decide('shop@example.com', 'clear', start + 1);
    expect(await project.countPersons()).toBe(50);
  });

  it('is no matter of e-mail addresses in traits, which join nobody', async () => {
    const project = openProject('mail_trait');
    await project.say(
      ...Array.from({ length: 50 }, (_, at) => identify(`a${at}`, `u${at}`, { email: 'shop@example.com' })),
    );
    expect(await project.countPersons()).toBe(50);
  });
});

describe('an operator', () => {
  it('undoes a merge, and takes that back', async () => {
    const project = openProject('undone');
    await project.say(view('phone'), identify('phone', 'anna'), view('laptop'), identify('laptop', 'anna'));
    await project.decide('phone', 'apart', start);
    expect(await project.listPersons()).toEqual(['anna', 'phone']);
    expect(await project.readOutcomes('phone')).toEqual(['phone anna undone']);
    await project.decide('phone', 'clear', start + 1);
    await project.decide('phone', 'clear', start + 1);
    expect(await project.listPersons()).toEqual(['anna']);
  });

  it('blocks an id that is no person, and one that nobody identified yet', async () => {
    const project = openProject('kiosk');
    await project.say(view('a1'), identify('a1', 'kiosk'), view('a2', 'kiosk'), view('a3', 'till'), view('a4', 'till'));
    expect(await project.listPersons()).toEqual(['kiosk', 'till']);
    await project.decide('kiosk', 'block', start);
    await project.decide('till', 'block', start);
    expect(await project.listPersons()).toEqual(['a1', 'a2', 'a3', 'a4']);
  });
});

describe('properties', () => {
  const set = (second: number, properties: Record<string, unknown>): Partial<EventRow> => ({
    user_id: 'anna',
    timestamp: start + second * 1_000,
    properties,
  });

  it('are those of the last event in its own time, whatever came last', async () => {
    const project = openProject('properties');
    await project.say(
      set(9, { $set: { plan: 'pro', seats: 3, tags: ['a'], address: { city: 'Bonn' } } }),
      set(1, { $set: { plan: 'free' }, $set_once: { source: 'ad' } }),
      set(5, { $set_once: { source: 'mail', plan: 'none' }, $unset: ['seats'] }),
      set(8, { $set: { gone: true } }),
      set(8.5, { $unset: ['gone', 7], $set: 'no object', $set_once: ['none'] }),
    );
    const [[, , , properties] = []] = await project.readPersons();
    expect(JSON.parse(String(properties))).toEqual({
      plan: 'pro',
      seats: 3,
      tags: ['a'],
      address: { city: 'Bonn' },
      source: 'ad',
    });
  });

  it('of a visitor become those of the user, traits and operators alike', async () => {
    const project = openProject('property_joins');
    await project.say({ ...view('phone'), properties: { $set: { theme: 'dark', plan: 'none' } } });
    expect(await project.readPersons()).toEqual([['phone', ['phone'], false, '{"plan":"none","theme":"dark"}']]);
    await project.say(identify('phone', 'anna', { plan: 'pro', $set_once: { since: 2026 }, $unset: ['x'] }));
    expect(await project.readPersons()).toEqual([
      ['anna', ['anna', 'phone'], true, '{"plan":"pro","since":2026,"theme":"dark"}'],
    ]);
  });
});

it('a group has members by person, and traits', async () => {
  const project = openProject('groups');
  const join = (own: Partial<EventRow>, group_id: unknown, traits = {}): Partial<EventRow> => ({
    event: 'group',
    ...own,
    properties: { group_id },
    traits,
  });
  await project.say(join(view('phone'), 'acme', { seats: 5 }), identify('phone', 'anna'));
  await project.say(
    join(view('laptop', 'anna'), 'acme', { seats: 7, $unset: ['x'] }),
    join(view('b', 'berta'), ' acme '),
  );
  await project.say(join(view('b', 'berta'), 'null'), join(view('b', 'berta'), 7), join(view('b'), 'x'.repeat(201)));
  expect(await project.readGroups()).toEqual([['acme', 2, '{"seats":7}']]);
  const joined = { firstAt: start + 1_000, lastAt: start + 4_000 };
  expect(await project.groupOf('acme')).toEqual({ members: 2, ...joined, properties: { seats: 7 } });
  expect(await project.groupOf('acm')).toBeNull();
  expect(await openProject('no_groups').groupOf('acme')).toBeNull();
  await project.say(join({ user_id: 'null' }, 'nobody', { seats: 0 }));
  expect(await project.groupOf('nobody')).toEqual({
    members: 0,
    firstAt: null,
    lastAt: null,
    properties: { seats: 0 },
  });
});

describe('in the store', () => {
  it('what one person says ten thousand times is a few rows', async () => {
    const project = openProject('busy');
    await project.say(...Array.from({ length: 10_000 }, () => identify('phone', 'anna', { plan: 'pro' })));
    expect(await project.countRows('identity_claims')).toBe(2);
    expect(await project.countRows('identity_properties')).toBe(1);
  });

  it('facts come before the rows, so that what a crash leaves behind of these has its facts', async () => {
    const project = openProject('crashed');
    const tables: string[] = [];
    const crashing = createClickHouseEventStore({
      ...test.engine,
      async insert(sql, data) {
        tables.push(sql.split(' ')[2] ?? '');
        await test.engine.insert(sql, data);
      },
      async insertBinary(statement, rows) {
        tables.push(statement.into.split(' ')[2] ?? '');
        await test.engine.insertBinary(statement, rows);
        throw new Error('killed');
      },
    });
    partition += 1;
    const events = [{ ...identify('phone', 'anna', { plan: 'pro' }), timestamp: start }];
    await expect(storeEvents(crashing, { projectId: 'prj_crashed', partition }, events)).rejects.toThrow('killed');
    expect(tables).toEqual(['identity_claims', 'identity_properties', 'events']);
    expect(await project.readPersons()).toEqual([['anna', ['anna', 'phone'], true, '{"plan":"pro"}']]);
  });
});

describe('a question', () => {
  const steps = ['page_view', 'identify', 'purchase'].map((event) => ({ event }));
  const reached = async (project: ReturnType<typeof openProject>): Promise<unknown[]> =>
    (await project.ask({ question: 'funnel', steps })).rows.map((row) => row[2]);

  it('follows a visitor over the join: funnel, return and timeline, on two devices', async () => {
    const project = openProject('asked');
    await project.say(
      view('phone'),
      identify('phone', 'anna'),
      { event: 'purchase', anonymous_id: 'laptop' },
      view('stranger'),
    );
    expect(await reached(project)).toEqual([2, 1, 0]);
    expect(await project.timeline('phone')).toHaveLength(2);
    await project.say(identify('laptop', 'anna'));
    expect(await reached(project)).toEqual([2, 1, 1]);
    for (const id of ['phone', 'laptop', 'anna']) expect(await project.timeline(id)).toHaveLength(4);
    expect(await project.timeline('stranger')).toHaveLength(1);
    expect(await project.timeline('nobody we know')).toEqual([]);
    const retention = await project.ask({ question: 'retention', interval: 'day', return_event: 'purchase' });
    expect(retention.rows.map((row) => row[2])).toEqual([2]);
    const live = await project.ask({ question: 'breakdown', by: 'event' });
    expect(Object.fromEntries(live.rows.map(([event, , visitors]) => [event, visitors]))).toEqual({
      page_view: 2,
      identify: 1,
      purchase: 1,
    });
  });

  it('counts two again once the join is undone, and never joins by an id that names nobody', async () => {
    const project = openProject('asked_undone');
    await project.say(view('phone'), identify('laptop', 'anna'), identify('phone', 'anna'), view('laptop'));
    expect(await project.countPersons()).toBe(1);
    await project.decide('phone', 'apart', start);
    expect(await project.countPersons()).toBe(2);
    expect(await project.timeline('phone')).toHaveLength(1);
    const nobody = openProject('asked_nobody');
    await nobody.say(identify('one', 'null'), identify('two', ' "Anonymous"'), view('one', 'undefined'), view('two'));
    expect(await nobody.countPersons()).toBe(2);
    expect(await nobody.timeline('one')).toHaveLength(2);
  });
});
