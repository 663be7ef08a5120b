import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { allocateYoung, type ProcessRun, runProcess } from '@px-platform/runtime';
import { toBanner } from './banner.ts';
import { readEnvironment } from './config.ts';
import { startStandalone } from './start-standalone.ts';

/** Starts everything on the embedded adapters; ends with 0 after Ctrl-C, with 1 where it can't start or go on. */
const startedAt = performance.now();
allocateYoung();
await runProcess(start);

async function start({ opened, fail }: ProcessRun): Promise<void> {
  const sdkDir = dirname(createRequire(import.meta.url).resolve('@px-platform/sdk/px.js'));
  const standalone = await startStandalone({
    env: readEnvironment(),
    clockOffsetMs: 0,
    site: { dir: join(import.meta.dirname, '../demo'), sdkDir },
  });
  opened.push({ name: 'standalone', close: () => standalone.stop() });
  standalone.failed.catch(fail);
  process.stdout.write(toBanner({ ...standalone, readyMs: performance.now() - startedAt }));
}
