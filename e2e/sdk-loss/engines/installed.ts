import { existsSync } from 'node:fs';

/** Thrown where a program is missing: the message holds the command that installs it. */
export class NotInstalled extends Error {}

/** Gives the first path that exists; throws `NotInstalled`, naming Debian's package, where none does. */
export function requireProgram(paths: readonly string[], aptPackage: string): string {
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new NotInstalled(
    `The loss table needs ${paths[0]}, which is missing: run \`apt-get install -y --no-install-recommends ${aptPackage}\`.`,
  );
}
