import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { DriverSilent, openSession } from './webdriver-session.ts';

/** A driver that opens a session, refuses scripts, and says nothing to anything else. */
async function openDriver(): Promise<string> {
  const answers = new Map([
    ['POST /session', [200, { sessionId: 's', capabilities: {} }]],
    ['GET /session/s/window', [200, 'first']],
    ['POST /session/s/execute/sync', [500, { error: 'javascript error', message: 'no such thing' }]],
  ] as const);
  const driver = createServer((req, res) => {
    const answer = answers.get(`${req.method} ${req.url}` as never);
    if (answer !== undefined) res.writeHead(answer[0]).end(JSON.stringify({ value: answer[1] }));
  });
  await new Promise<void>((resolve) => driver.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    driver.closeAllConnections();
    driver.close();
  });
  return `http://127.0.0.1:${(driver.address() as AddressInfo).port}`;
}

it('tells a driver that is silent from one that refuses', async () => {
  const session = await openSession(await openDriver(), {}, 1_000);
  const silent = session.goto('first', 'http://127.0.0.1/');
  await expect(silent).rejects.toThrow(DriverSilent);
  await expect(silent).rejects.toThrow('POST /session/s/url in 1000 ms');
  const refused = session.execute('first', 'return 1');
  await expect(refused).rejects.not.toThrow(DriverSilent);
  await expect(refused).rejects.toThrow('javascript error, no such thing');
});
