import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppUnderTest } from '../app-under-test.ts';
import { runCommand } from './run-command.ts';

const sources = fileURLToPath(new URL('../apps/', import.meta.url));
const copies = fileURLToPath(new URL('../../out/pages/', import.meta.url));

/**
 * Copies an app's sources to `e2e/out/pages` and installs what its lockfile names, unless that is installed there
 * already; what an earlier build left goes. Gives the folder. Throws where the packages cannot be had.
 */
export async function installApp({ name }: AppUnderTest): Promise<string> {
  const folder = join(copies, name);
  const stamp = join(folder, 'node_modules/.px-installed');
  const lockfile = readFileSync(join(sources, name, 'package-lock.json'), 'utf8');
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder)) {
    if (entry !== 'node_modules') rmSync(join(folder, entry), { recursive: true, force: true });
  }
  // What a developer's own build has left beside the sources stays there.
  const isSource = (path: string): boolean => !/\/(node_modules|\.next|dist|public\/\.\w+|db\.json)$/.test(path);
  cpSync(join(sources, name), folder, { recursive: true, filter: isSource });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return folder;
  await runCommand(
    `Installing the packages of e2e/pages/apps/${name}, which needs the package registry (see \`npm ping\`),`,
    ['npm', 'ci', '--no-audit', '--no-fund', '--ignore-scripts', '--omit-lockfile-registry-resolved'],
    { cwd: folder },
  );
  writeFileSync(stamp, lockfile);
  return folder;
}
