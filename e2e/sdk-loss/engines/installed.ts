import { existsSync } from 'node:fs';

/** Gives the first path that exists. Throws, naming Debian's package and the command that installs it, where none does. */
export function requireProgram(paths: readonly string[], aptPackage: string): string {
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    `The loss table needs ${paths[0]}, which is missing: run \`apt-get install -y --no-install-recommends ${aptPackage}\`.`,
  );
}
