import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** A file to read, and its size. */
export interface ReplayFile {
  readonly path: string;
  /** Without folders and `.gz`: lines without an id are named by it. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * Gives the files of these paths in order, those of a folder and the folders in it by name; hidden ones are left out. Throws
 * what the file system throws where a path is not there or can't be read.
 */
export function listFiles(paths: readonly string[], folder: string): ReplayFile[] {
  return paths.flatMap((path) => walk(resolve(folder, path)));
}

function walk(path: string): ReplayFile[] {
  const stat = statSync(path);
  if (stat.isFile()) return [{ path, name: basename(path).replace(/\.gz$/, ''), bytes: stat.size }];
  if (!stat.isDirectory()) return [];
  const names = readdirSync(path).filter((name) => !name.startsWith('.'));
  return names.sort().flatMap((name) => walk(join(path, name)));
}
