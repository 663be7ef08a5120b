#!/usr/bin/env node
// The one way in: `npm start`, `npm test`, `npm run check|bench|soak|chaos|sdk:loss|openapi|ddl|build|format` come here. Plain
// JavaScript on Node 20, since it runs before anything is installed and installs Node 24 itself.
import { buildSdk } from './px/build-sdk.mjs';
import { check } from './px/check.mjs';
import { requireChromium } from './px/chromium.mjs';
import { installDependencies } from './px/install.mjs';
import { runChild } from './px/run-child.mjs';
import { Unusable } from './px/unusable.mjs';
import { packageEntry } from './px/workspace.mjs';

const commands = {
  async start(args) {
    await installDependencies();
    await buildSdk();
    const leaveWithParent = new URL('./px/leave-with-parent.mjs', import.meta.url).href;
    return runChild(['--import', leaveWithParent, 'standalone/src/main.ts', ...args]);
  },
  async test(args) {
    await installDependencies();
    await buildSdk();
    const env = { PX_CHROMIUM: requireChromium() };
    // The real pages install and build four apps first: by name alone.
    const chosen = args.includes('--project')
      ? []
      : ['parts', 'whole', 'measured', 'loss'].flatMap((name) => ['--project', name]);
    return runChild([packageEntry('vitest', 'vitest'), 'run', ...chosen, ...args], { env });
  },
  async check() {
    await installDependencies();
    await buildSdk();
    return check();
  },
  async bench(args) {
    await installDependencies();
    await buildSdk();
    return runChild(['bench/src/main.ts', ...args]);
  },
  async soak(args) {
    await installDependencies();
    await buildSdk();
    return runChild(['e2e/soak/main.ts', ...args]);
  },
  async chaos(args) {
    await installDependencies();
    await buildSdk();
    return runChild(['e2e/chaos/main.ts', ...args]);
  },
  async 'sdk:loss'(args) {
    await installDependencies();
    await buildSdk();
    const env = { PX_CHROMIUM: requireChromium() };
    return runChild(['e2e/sdk-loss/main.ts', ...args], { env });
  },
  async openapi() {
    await installDependencies();
    return runChild(['server/src/openapi/write.ts']);
  },
  async ddl() {
    await installDependencies();
    return runChild(['infra/store/src/self-check/write.ts']);
  },
  async build() {
    await installDependencies();
    await buildSdk();
    return 0;
  },
  async format() {
    await installDependencies();
    return runChild([packageEntry('@biomejs/biome', 'biome'), 'check', '--write']);
  },
};

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command === undefined) {
  console.error(`px: unknown command "${name}"; one of: ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}
try {
  process.exitCode = await command(args);
} catch (thrown) {
  if (!(thrown instanceof Unusable)) throw thrown;
  console.error(`\npx: ${thrown.message}`);
  // Whoever reads only the last line of a test run learns from it that nothing ran.
  if (name === 'test') console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
}
