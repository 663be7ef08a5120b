import { once } from 'node:events';
import { type ControlStore, createMemoryControl } from '@px-platform/control';
import express from 'express';
import { createAdminRouter } from '../src/admin/route.ts';
import { assignContext } from '../src/http/assign-context.ts';

/** The admin token of `startAdminServer`. */
export const adminToken = 'an-admin-token-for-tests';

/** Signs the read tokens of `startAdminServer`. */
export const tokenSecret = Buffer.alloc(32, 3);

/** A real HTTP server with the admin routes alone, on a port of its own; `now` is its clock, epoch ms. */
export interface AdminServer {
  readonly url: string;
  readonly control: ControlStore;
  now: number;
  close(): Promise<void>;
}

/** Starts one with an empty control store in memory, which `wrap` may change. */
export async function startAdminServer(
  wrap: (control: ControlStore) => ControlStore = (control) => control,
): Promise<AdminServer> {
  const clock = () => started.now;
  const control = wrap(createMemoryControl({ clock }));
  let requests = 0;
  const app = express();
  app.use(assignContext({ clock, newId: () => `request-${++requests}` }));
  app.use(
    '/admin/v1',
    createAdminRouter({
      control,
      clock,
      adminToken,
      tokenSecret,
      config: { REQUEST_TIMEOUT_MS: 1_000 },
      reader: {
        async deadLetters(projectId, limit) {
          return deadLetters.filter((one) => projectId === null || one.project_id === projectId).slice(0, limit);
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
    now: Date.UTC(2026, 0, 1),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return started;
}

const deadLetters = ['prj_1', 'prj_2'].map((project_id) => ({
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
