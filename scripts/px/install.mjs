import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fingerprint, isStamped, stamp } from './fingerprint.mjs';
import { runQuietly } from './run-quietly.mjs';
import { Unusable } from './unusable.mjs';
import { packageFolders, packageManager, pinnedNode, root } from './workspace.mjs';

const stampFile = 'node_modules/.px-installed';
const networkFailure = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|META_FETCH_FAIL|ERR_SOCKET/;

/**
 * Installs what the lockfile names, where it or a manifest has changed since the last time; otherwise
 * costs a few ms. Throws `Unusable` with what to do.
 */
export async function installDependencies() {
  const manifests = packageFolders().map((folder) => `${folder}/package.json`);
  const wanted = fingerprint(['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', ...manifests]);
  if (!isStamped(stampFile, wanted)) {
    await install();
    linkNode();
    stamp(stampFile, wanted);
  }
}

/**
 * Puts the binary itself where pnpm put a shell script that starts it: npm runs whatever `node` stands
 * there, and would pass its signals to a shell that dies of them and leaves the server behind.
 */
function linkNode() {
  const folder = join(root, 'node_modules', '.bin');
  const binary = pinnedNode();
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, 'node'), { force: true });
  symlinkSync(relative(folder, binary), join(folder, 'node'));
}

async function install() {
  const isFirst = !existsSync(join(root, 'node_modules'));
  console.error(isFirst ? 'px: installing dependencies (once, a minute or two) ...' : 'px: updating dependencies ...');
  // Without a terminal pnpm would stop to ask before it replaces a node_modules of another shape.
  const args = ['--yes', packageManager(), 'install', '--frozen-lockfile', '--config.confirmModulesPurge=false'];
  const { code, output } = await runQuietly('npx', args);
  if (code === 0) return;
  if (code === 'ENOENT') {
    throw new Unusable(
      'npx was not found: it comes with npm, which fetches pnpm. Install it with:\n  apt-get install -y npm',
    );
  }
  const reason = networkFailure.test(output)
    ? 'the package registry could not be reached. See `npm config get registry` and `npm ping`, then run this again.'
    : `\`npx ${args.join(' ')}\` ended with ${code}.`;
  throw new Unusable(`${output.trimEnd()}\n\npx: installing failed: ${reason}`);
}
