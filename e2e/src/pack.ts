import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Packs packages of this house into a folder, as `npm publish` would send them, and gives the files. Throws with npm's words. */
export function packPackages(folders: readonly string[], into: string): string[] {
  return folders.map((folder) => {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into];
    const out = execFileSync('npm', args, {
      cwd: join(root, folder),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [packed]: readonly { filename: string }[] = JSON.parse(out);
    if (packed === undefined) throw new Error(`npm pack said nothing of ${folder}: ${out}`);
    return join(into, packed.filename);
  });
}
