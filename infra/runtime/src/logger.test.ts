import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function logTo(level: string): { logger: ReturnType<typeof createLogger>; read: () => Record<string, unknown>[] } {
  const sink = new PassThrough();
  const logger = createLogger({ level, name: 'server', sink });
  const read = (): Record<string, unknown>[] =>
    String(sink.read() ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { logger, read };
}

it('writes one JSON object a line, with level, name and time in words', () => {
  const { logger, read } = logTo('info');
  logger.info({ request_id: 'r1' }, 'accepted');
  logger.child({ tenant_id: 't1' }).warn('slow\nand odd');
  expect(read()).toEqual([
    {
      level: 'info',
      name: 'server',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      request_id: 'r1',
      msg: 'accepted',
    },
    { level: 'warn', name: 'server', time: expect.any(String), tenant_id: 't1', msg: 'slow\nand odd' },
  ]);
});

it('leaves out what lies below its level', () => {
  const { logger, read } = logTo('warn');
  logger.info('no');
  logger.error({ err: new Error('yes') }, 'failed');
  expect(read()).toMatchObject([{ level: 'error', msg: 'failed', err: { message: 'yes' } }]);
});

it('cuts keys, headers, bodies and addresses', () => {
  const { logger, read } = logTo('info');
  const secret = 'px_srv_live_secret';
  logger.info({
    authorization: secret,
    key: secret,
    api_key: secret,
    headers: { 'x-api-key': secret },
    body: { api_key: secret },
    ip: '192.0.2.1',
    key_prefix: 'px_srv_live_abcd',
  });
  const text = JSON.stringify(read());
  expect(text).toContain('px_srv_live_abcd');
  expect(text).not.toContain(secret);
  expect(text).not.toContain('192.0.2.1');
});
