import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder of its own, outside the workspace: who only installs this software does not download 140 MB of others. */
export const peersFolder = fileURLToPath(new URL('../../peers', import.meta.url));

/** An installed package. */
export interface InstalledPeer {
  readonly version: string;
  readonly licence: string;
}

/** Installs what `bench/peers/package-lock.json` pins, where that has not been done yet; runs none of its scripts. Throws without a network. */
export function installPeers(say: (line: string) => void): void {
  const wanted = createHash('sha256')
    .update(readFileSync(join(peersFolder, 'package-lock.json')))
    .digest('hex');
  const stampFile = join(peersFolder, 'node_modules', '.px-installed');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  say('installing the SDKs to compare with (once, a minute) …');
  execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: peersFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(stampFile, wanted);
}

/** Reads the manifest of an installed package. */
export function readInstalledPeer(packageName: string): InstalledPeer {
  const file = join(peersFolder, 'node_modules', packageName, 'package.json');
  const manifest: { version?: unknown; license?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return { version: String(manifest.version), licence: String(manifest.license).replace(/[()]/g, '') };
}
