import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './workspace.mjs';

/** Gives the SHA-256 of these files' paths and bytes; a folder stands for all in it, what is missing is left out. */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(listFiles)) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** Says whether the stamp file holds this text. */
export function isStamped(file, text) {
  return existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8') === text;
}

/** Writes the stamp, after the work that it stands for is done. */
export function stamp(file, text) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function listFiles(path) {
  if (!existsSync(join(root, path))) return [];
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((child) => listFiles(`${path}/${child}`));
}
