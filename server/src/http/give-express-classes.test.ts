import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it } from 'vitest';
import { giveExpressClasses } from './give-express-classes.ts';

it('gives requests and responses the prototypes that express would set, before express sees them', async () => {
  const app = express();
  app.set('trust proxy', true);
  app.get('/', (req, res) => {
    res.status(201).json({ ip: req.ip, isOurs: req.app === app && res.app === app });
  });
  const server = createServer(giveExpressClasses(app));
  const seen: boolean[] = [];
  server.on('request', (req, res) => {
    const before = [Object.getPrototypeOf(req), Object.getPrototypeOf(res)];
    app(req, res);
    seen.push(before[0] === Object.getPrototypeOf(req), before[1] === Object.getPrototypeOf(res));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'X-Forwarded-For': '192.0.2.7' } });
  expect([answer.status, await answer.json()]).toEqual([201, { ip: '192.0.2.7', isOurs: true }]);
  expect(seen).toEqual([true, true]);
  server.close();
});
