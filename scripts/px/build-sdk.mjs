import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, isStamped, stamp } from './fingerprint.mjs';
import { runQuietly } from './run-quietly.mjs';
import { Unusable } from './unusable.mjs';
import { packageEntry, pinnedNode, root } from './workspace.mjs';

const stampFile = 'sdk/dist/.stamp';
/** All that the bundle is made of; of schemas, what the SDK may import, and the names that its build must keep. */
const sources = [
  'sdk/src',
  'sdk/rollup.config.js',
  'sdk/build',
  'sdk/package.json',
  'sdk/tsconfig.json',
  'sdk/react/src',
  'sdk/react/build',
  'sdk/react/rollup.config.js',
  'sdk/react/package.json',
  'schemas/src/wire-event.ts',
  'schemas/src/limits.ts',
  'schemas/src/http-answers.ts',
  'pnpm-lock.yaml',
];

/** Builds the SDK's files where its sources have changed: the only build in the house. Throws `Unusable` with rollup's words. */
export async function buildSdk() {
  const wanted = fingerprint(sources);
  if (isStamped(stampFile, wanted)) return freshen();
  console.error('px: building the SDK ...');
  const { code, output } = await runQuietly(
    pinnedNode(),
    [packageEntry('rollup', 'rollup', 'sdk'), '-c'],
    join(root, 'sdk'),
  );
  if (code !== 0) throw new Unusable(`${output.trimEnd()}\n\npx: building the SDK failed (rollup ended with ${code}).`);
  stamp(stampFile, wanted);
}

/** A checkout gives sources that have not changed a new time; what was built of them is as new as they are. */
function freshen() {
  const dist = join(root, 'sdk/dist');
  const now = new Date();
  for (const file of readdirSync(dist)) utimesSync(join(dist, file), now, now);
}
