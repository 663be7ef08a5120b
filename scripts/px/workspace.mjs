import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Unusable } from './unusable.mjs';

/** Root folder of the repository; commands run in it, wherever they were called. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Gives the pinned package manager, as `pnpm@10.34.8`. */
export function packageManager() {
  return readJson(join(root, 'package.json')).packageManager;
}

/** Gives the folders of all packages, relative to the root and sorted, as pnpm-workspace.yaml lists them. */
export function packageFolders() {
  const text = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const list = /^packages:\n((?: {2}- .+\n)+)/m.exec(text)?.[1] ?? '';
  const patterns = list.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(4).replaceAll("'", '')]));
  return patterns
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      return readdirSync(join(root, parent)).map((child) => `${parent}/${child}`);
    })
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .sort();
}

/** Gives the Node 24 that the packages run on, whatever Node runs this. Throws `Unusable` where it is not installed. */
export function pinnedNode() {
  const binary = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  throw new Unusable(
    `Node 24 is missing at node_modules/node/bin/node. Install it with:\n  npx --yes ${packageManager()} rebuild node`,
  );
}

/** Gives the script behind a package's command, to be run by the pinned Node. `from` is the package that depends on it. */
export function packageEntry(packageName, command, from = '.') {
  const folder = join(root, from, 'node_modules', packageName);
  if (!existsSync(folder)) {
    throw new Unusable(
      `${packageName} is not installed. Install it with:\n  npx --yes ${packageManager()} install --frozen-lockfile`,
    );
  }
  const { bin } = readJson(join(folder, 'package.json'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
