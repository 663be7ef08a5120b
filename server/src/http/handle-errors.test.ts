import { once } from 'node:events';
import { AppError, createLogger } from '@px-platform/runtime';
import express, { type RequestHandler } from 'express';
import { expect, it } from 'vitest';
import { assignContext } from './assign-context.ts';
import { handleErrors } from './handle-errors.ts';

async function ask(handler: RequestHandler): Promise<Response> {
  const app = express();
  app.use(assignContext({ clock: () => 0, newRequestId: () => 'request-1' }), handler);
  app.use(handleErrors(createLogger({ level: 'silent', name: 'test' })));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return fetch(`http://127.0.0.1:${port}/`).finally(() => server.close());
}

it.each([
  ['log_full', 503, 'not_durable'],
  ['log_unavailable', 503, 'not_durable'],
  ['log_refused_records', 413, 'body_too_large'],
  ['store_unavailable', 503, 'not_ready'],
  ['control_unavailable', 503, 'not_ready'],
  ['query_over_budget', 422, 'query_over_budget'],
  ['log_corrupt', 500, 'internal'],
] as const)('makes %s a %d %s', async (appCode, status, code) => {
  const response = await ask(() => {
    throw new AppError(appCode, 'what was tried');
  });
  expect(response.status).toBe(status);
  expect(response.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
  expect(await response.json()).toMatchObject({ error: { code, request_id: 'request-1' } });
});

it('breaks the connection where part of the answer is sent', async () => {
  const response = await ask(async (_req, res) => {
    res.write('the first half');
    throw new Error('the second half is lost');
  });
  await expect(response.text()).rejects.toThrow();
});

it('makes what a header asks in vain a problem of the client, not of ours', async () => {
  const response = await ask(() => {
    throw Object.assign(new Error('Range Not Satisfiable'), { status: 416 });
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'invalid_parameter' } });
});
