import { once } from 'node:events';
import { type ControlStore, createMemoryControl } from '@px-platform/control';
import { createMemoryLog } from '@px-platform/log';
import { createLogger } from '@px-platform/runtime';
import { createMemoryDeadLetters, createMemoryPurgeStore, type PurgeStore } from '@px-platform/store';
import express from 'express';
import { createAdminRouter } from '../src/admin/route.ts';
import { assignContext } from '../src/http/assign-context.ts';
import { createTestIdentity, type TestIdentity } from './test-identity.ts';
import { createTestRollups, type TestRollups } from './test-rollups.ts';

/** The admin token of `startAdminServer`. */
export const adminToken = 'an-admin-token-for-tests';

/** Signs the read tokens of `startAdminServer`. */
export const tokenSecret = Buffer.alloc(32, 3);

/** A real HTTP server with the admin routes alone, on a port of its own; `now` is its clock, epoch ms. */
export interface AdminServer {
  readonly url: string;
  readonly control: ControlStore;
  readonly rollups: TestRollups;
  readonly identity: TestIdentity;
  readonly purges: PurgeStore;
  now: number;
  close(): Promise<void>;
}

/** Starts one with an empty control store in memory, which `wrap` may change. */
export async function startAdminServer(
  wrap: (control: ControlStore) => ControlStore = (control) => control,
): Promise<AdminServer> {
  const clock = () => started.now;
  const control = wrap(createMemoryControl({ clock }));
  const rollups = createTestRollups();
  const identity = createTestIdentity();
  const purges = createMemoryPurgeStore();
  let requests = 0;
  let purged = 0;
  const app = express();
  app.use(assignContext({ clock, newRequestId: () => `request-${++requests}` }));
  app.use(
    '/admin/v1',
    createAdminRouter({
      control,
      deadLetters: createMemoryDeadLetters(),
      log: createMemoryLog({ partitions: 1, maxBytes: 1_000, clock }),
      auditLog: createMemoryLog({ partitions: 1, maxBytes: 1_000, clock }),
      logger: createLogger({ level: 'silent', name: 'test' }),
      clock,
      newId: () => `0190aaaa-0000-7000-8000-${String(++purged).padStart(12, '0')}`,
      purges,
      adminToken,
      tokenSecret,
      rollups,
      identity,
      config: { REQUEST_TIMEOUT_MS: 1_000 },
      reader: {
        async deadLetters(projectId, limit) {
          return listedLetters.filter((one) => projectId === null || one.project_id === projectId).slice(0, limit);
        },
      },
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const started: AdminServer = {
    url: `http://127.0.0.1:${port}`,
    control,
    rollups,
    identity,
    purges,
    now: Date.UTC(2026, 0, 1),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return started;
}

const listedLetters = ['prj_1', 'prj_2'].map((project_id) => ({
  reason: 'row_refused',
  stage: 'insert',
  message: 'no',
  project_id,
  log: 'lmdb',
  partition: 0,
  offset: 1,
  index: 0,
  received_at: Date.UTC(2026, 0, 1),
  payload: 'e30=',
}));
