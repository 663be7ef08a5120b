import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A package as `npm publish` would send it. */
export interface Tarball {
  readonly file: string;
  /** Paths in it, sorted. */
  readonly paths: readonly string[];
}

/** Packs a package's folder into `into`, running none of its scripts. Throws with npm's words. */
export function packPackage(folder: string, into: string): Tarball {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into];
  const out = execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const packed: readonly { filename: string; files: readonly { path: string }[] }[] = JSON.parse(out);
  const [one] = packed;
  if (one === undefined) throw new Error(`npm pack said nothing of ${folder}: ${out}`);
  return { file: join(into, one.filename), paths: one.files.map(({ path }) => path).sort() };
}
