import { AppError } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import type { Engine } from '../engine.ts';
import { failOver, type ReplicaSet } from './fail-over.ts';
import type { Replica } from './replica.ts';
import type { ReplicaIdentity } from './replica-identity.ts';

const store = { database: 'default', store: 'one' };

/** A replica that does as `says`: an error of this code, or its name as the answer. */
interface FakeReplica extends Replica {
  says: { code: string } | null;
  isThere: boolean;
  identity: ReplicaIdentity;
  asked: number;
}

function fake(name: string): FakeReplica {
  const answer = async (): Promise<{ columns: string[]; rows: unknown[][]; rowsRead: number }> => {
    if (one.says === null) return { columns: [], rows: [[name]], rowsRead: 0 };
    const cause = Object.assign(new Error('refused'), one.says);
    throw new AppError('store_unavailable', `${name} did not take it`, { cause });
  };
  const engine: Engine = {
    ask: answer,
    askEach: async (_, toItem) => (await answer()).rows.map(toItem),
    run: async () => void (await answer()),
    insert: async () => void (await answer()),
    insertBinary: async () => void (await answer()),
    close: async () => undefined,
  };
  const one: FakeReplica = {
    name,
    engine,
    says: null,
    isThere: true,
    identity: store,
    asked: 0,
    async identify() {
      one.asked += 1;
      if (!one.isThere) throw new AppError('store_unavailable', `${name} is away`);
      return one.identity;
    },
    close: async () => undefined,
  };
  return one;
}

const pace = { probeAfterMs: 60_000, probeTimeoutMs: 1, firstPauseMs: 100, maxPauseMs: 400 };

async function open(replicas: FakeReplica[], cluster: string | null = 'main') {
  const time = { now: 0 };
  const turns: string[] = [];
  const set = await failOver({
    replicas,
    cluster,
    startAt: 0,
    stopwatch: () => time.now,
    pace,
    telemetry: {
      used: (name, from) => void turns.push(`${from} -> ${name}`),
      left: (name) => void turns.push(`${name} left`),
      returned: (name) => void turns.push(`${name} back`),
    },
  });
  return { set, time, turns };
}

const ask = async ({ engine }: ReplicaSet): Promise<unknown> =>
  (await engine.ask({ sql: 'SELECT 1', params: {} })).rows[0]?.[0];

it('asks one that is away after pauses that grow to a bound, while another does its work', async () => {
  const [a, b] = [fake('a'), fake('b')];
  const { set, time, turns } = await open([a, b]);
  expect(await ask(set)).toBe('a');
  a.says = { code: 'ECONNRESET' };
  a.isThere = false;
  expect(await ask(set)).toBe('b');
  const askedAt: number[] = [];
  for (; time.now < 2_000; time.now += 10) {
    const before = a.asked;
    expect(await ask(set)).toBe('b');
    if (a.asked > before) askedAt.push(time.now);
  }
  expect(askedAt).toEqual([100, 300, 700, 1_100, 1_500, 1_900]);
  a.says = null;
  a.isThere = true;
  time.now = 3_000;
  await ask(set);
  await expect.poll(() => turns).toEqual(['null -> a', 'a left', 'a -> b', 'a back']);
  // It is not gone back to: what was inserted last is at the other one.
  expect(await ask(set)).toBe('b');
});

it('leaves one for longer each time that says it is there and takes nothing', async () => {
  const [a, b] = [fake('a'), fake('b')];
  const { set, time } = await open([a, b]);
  a.says = { code: '242' };
  expect(await ask(set)).toBe('b');
  for (const pauseMs of [100, 200, 400, 400]) {
    const before = a.asked;
    time.now += pauseMs - 1;
    await ask(set);
    expect(a.asked).toBe(before);
    time.now += 1;
    await ask(set);
    await expect.poll(() => set.check().then(() => true)).toBe(true);
    expect(a.asked).toBe(before + 1);
    b.says = { code: '242' };
    await expect(ask(set)).rejects.toThrow(/2 are away or refuse \(a, b\)/);
    b.says = null;
    expect(await ask(set)).toBe('b');
  }
});

it.each(['62', '60', '47', '516'])('gives what any replica would say, code %s, to the caller', async (code) => {
  const [a, b] = [fake('a'), fake('b')];
  const { set, turns } = await open([a, b]);
  a.says = { code };
  await expect(ask(set)).rejects.toThrow('a did not take it');
  expect(turns).toEqual([]);
});

it.each([
  [{ database: 'other', store: 'one' }, /of which one speaks to the database default and the other to other/],
  [{ database: 'default', store: '1/1 x:9000' }, /which know the cluster main by other nodes \(one; 1\/1 x:9000\)/],
])('refuses replicas of different stores: %j', async (identity, message) => {
  const [a, b] = [fake('a'), Object.assign(fake('b'), { identity })];
  await expect(open([a, b])).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringMatching(message) });
});

it('begins at the one that it is told, so that servers share the nodes', async () => {
  const replicas = ['a', 'b', 'c'].map(fake);
  const set = await failOver({
    replicas,
    cluster: null,
    startAt: 2,
    stopwatch: () => 0,
    pace,
    telemetry: { used() {}, left() {}, returned() {} },
  });
  expect(await ask(set)).toBe('c');
});
