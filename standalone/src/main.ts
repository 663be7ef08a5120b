import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { AppError, allocateYoung } from '@px-platform/runtime';
import { toBanner } from './banner.ts';
import { readEnvironment } from './config.ts';
import { type Standalone, startStandalone } from './start-standalone.ts';

/** Starts everything on the embedded adapters; ends with 0 after Ctrl-C, with 1 where it can't start or go on. */
const startedAt = performance.now();
allocateYoung();
const standalone = await start();
let isEnding = false;
process.on('SIGINT', () => end(0));
process.on('SIGTERM', () => end(0));
standalone.failed.catch((error: unknown) => {
  standalone.logger.fatal({ err: error }, 'the processor can not go on');
  end(1);
});
process.stdout.write(toBanner({ ...standalone, readyMs: performance.now() - startedAt }));

async function start(): Promise<Standalone> {
  try {
    const sdkDir = dirname(createRequire(import.meta.url).resolve('@px-platform/sdk/px.js'));
    return await startStandalone({
      env: readEnvironment(),
      clockOffsetMs: 0,
      site: { dir: join(import.meta.dirname, '../demo'), sdkDir },
    });
  } catch (error) {
    const text = error instanceof AppError ? toText(error) : inspect(error);
    process.stderr.write(`\n${text}\n`);
    process.exit(1);
  }
}

/** Causes are told too: "permission denied" is what a person needs to see. */
function toText(error: Error): string {
  const cause = error.cause instanceof Error ? `\n  cause: ${toText(error.cause)}` : '';
  return `${error.message}${cause}`;
}

function end(code: number): void {
  if (isEnding) return;
  isEnding = true;
  standalone.stop().then(
    () => process.exit(code),
    (error: unknown) => {
      standalone.logger.fatal({ err: error }, 'ending failed');
      process.exit(1);
    },
  );
}
