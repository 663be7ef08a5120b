import { fileURLToPath } from 'node:url';
import { type Standalone, startStandalone } from '@px-platform/standalone';

/**
 * The standalone process for fault tests, with the clock set: `node run-standalone.ts JSON`, where JSON is
 * `{env, clockOffsetMs}`. Prints `READY {json}` once it takes requests, `REFUSED {json}` and exits with 1 where
 * it can't start, and ends with 0 on SIGTERM or SIGINT.
 */
const given: { env: Record<string, string>; clockOffsetMs: number } = JSON.parse(process.argv[2] ?? '{}');

const standalone = await start();
const { url, demo, adminToken } = standalone;
process.stdout.write(`READY ${JSON.stringify({ url, demo, adminToken })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    standalone.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
}

async function start(): Promise<Standalone> {
  try {
    return await startStandalone({
      env: given.env,
      clockOffsetMs: given.clockOffsetMs,
      site: {
        dir: fileURLToPath(new URL('../../standalone/demo', import.meta.url)),
        sdkDir: fileURLToPath(new URL('../../sdk/dist', import.meta.url)),
      },
    });
  } catch (error) {
    const { code, message } =
      error instanceof Error ? { code: '', ...error, message: error.message } : { code: '', message: '' };
    process.stdout.write(`REFUSED ${JSON.stringify({ code, message })}\n`);
    process.exit(1);
  }
}
