import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeControlStore } from '../test/control-conformance.ts';
import { ask, type PostgresServer, startPostgres } from '../test/postgres-server.ts';
import { openPostgresControl } from './postgres.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

describeControlStore('postgres', async (clock) => openPostgresControl({ url: await server.createDatabase(), clock }));

describe('openPostgresControl', () => {
  it('migrates once, though several servers start at once, and finds what others wrote', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 5 }, () => openPostgresControl({ url })));
    await stores[0]?.createTenant({ slug: 'acme', tier: 'pro' });
    for (const store of stores) expect(await store.findTenant('acme')).toMatchObject({ tier: 'pro' });
    expect(await ask(url, 'select count(*)::int as n from drizzle.__drizzle_migrations')).toEqual([{ n: 4 }]);
    await Promise.all(stores.map((store) => store.close()));
    await stores[0]?.close();
  });

  it('makes one of two tenants, projects or keys of one name that are asked for at once', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all([openPostgresControl({ url }), openPostgresControl({ url })]);
    const made = await Promise.all(stores.map((store) => store.createTenant({ slug: 'acme', tier: 'free' })));
    expect(made.map(({ created }) => created).sort()).toEqual([false, true]);
    expect(made[0]?.value).toEqual(made[1]?.value);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('throws while the server is away, and goes on by itself when it is back', async () => {
    const store = await openPostgresControl({ url: await server.createDatabase() });
    await store.createTenant({ slug: 'acme', tier: 'free' });
    await server.kill();
    await expect(store.findTenant('acme')).rejects.toMatchObject({ code: 'control_unavailable' });
    await expect(store.ping()).rejects.toMatchObject({ code: 'control_unavailable' });
    await server.start();
    await expect
      .poll(() => store.findTenant('acme').catch(() => null), { timeout: 10_000 })
      .toMatchObject({ slug: 'acme' });
    await store.close();
  });

  it('says where it could not connect, and never the password', async () => {
    const refused = await openPostgresControl({ url: 'postgres://px:hunter2@127.0.0.1:1/none' }).catch(
      (error) => error,
    );
    expect(refused).toMatchObject({
      code: 'control_unavailable',
      message: expect.stringContaining('127.0.0.1:1/none'),
    });
    expect(`${refused.message} ${refused.cause}`).not.toContain('hunter2');
  });

  it('says that it may not make tables', async () => {
    const url = await server.createDatabase();
    await ask(url, `create role guest login`);
    const guest = url.replace('px:secret', 'guest');
    await expect(openPostgresControl({ url: guest })).rejects.toMatchObject({ code: 'migration_failed' });
  });
});
