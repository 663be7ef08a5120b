import { openRedisCounters } from '../src/limits/redis-counters.ts';
import { startTestServer } from './test-server.ts';

// A server process of its own whose rates are counted in the Redis at the given URL. Each has the same key, as two servers
// on one Postgres would. Prints `{url, key}` once it takes requests; ends on SIGTERM.
const [url = '', rate = ''] = process.argv.slice(2);
let last = 0;
const server = await startTestServer({
  // The same bytes in each process, all of which a key can be made of.
  randomBytes: (size) => Uint8Array.from({ length: size }, () => (last = (last * 73 + 41) % 241)),
  toRateCounters: (logger, metrics) => openRedisCounters({ url, logger, metrics }),
});
const { secret } = await server.makeKey({ kind: 'srv', scopes: ['events:write'], ratePerMinute: Number(rate) });
process.stdout.write(`${JSON.stringify({ url: server.url, key: secret })}\n`);
process.once('SIGTERM', () => {
  server.close().then(() => process.exit(0));
});
