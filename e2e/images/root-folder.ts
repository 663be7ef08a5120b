import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

/** The user that the Node images have beside root. */
const nodeUser = 1_000;

/** A command in a root folder. */
export interface RootCommand {
  /** What stands in it is `/`; this machine's /usr is lent to it, but for /usr/local, and can't be changed. */
  readonly root: string;
  readonly command: readonly string[];
  /** Where it runs, as it sees it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: 'root' | 'node';
  /** Files and folders of this machine, by the path where the command sees them. */
  readonly mounts: Readonly<Record<string, string>>;
  /** As compose.yml holds its containers: nothing can be written but mounts and /tmp, and root's rights are gone. */
  readonly isConfined: boolean;
}

/**
 * Makes what the image `node:VERSION-bookworm-slim` gives to the steps on it: the Node that runs this, npm, the user
 * `node`; Debian is this machine's own.
 */
export function makeNodeRoot(root: string): void {
  for (const folder of ['dev', 'etc', 'home/node', 'proc', 'root', 'tmp', 'usr/local/bin', 'usr/local/lib', 'var']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const folder of ['bin', 'lib', 'lib64', 'sbin']) symlinkSync(`usr/${folder}`, join(root, folder));
  cpSync(process.execPath, join(root, 'usr/local/bin/node'));
  const npm = dirname(dirname(realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim())));
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  for (const name of ['resolv.conf', 'hosts', 'nsswitch.conf']) cpSync(`/etc/${name}`, join(root, 'etc', name));
  writeFileSync(
    join(root, 'etc/passwd'),
    `root:x:0:0::/root:/bin/sh\nnode:x:${nodeUser}:${nodeUser}::/home/node:/bin/sh\n`,
  );
  writeFileSync(join(root, 'etc/group'), `root:x:0:\nnode:x:${nodeUser}:\n`);
}

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Starts a command in a root folder, as the first process of a space of its own: with it ends all that it has started. */
export function startInRoot({
  root,
  command,
  folder,
  env,
  user,
  mounts,
  isConfined,
}: RootCommand): ChildProcessByStdio<null, Readable, Readable> {
  const place = mkdtempSync(join(tmpdir(), 'px-root-'));
  const lines = Object.entries(mounts).map(([inside, outside]) => `${inside}=${outside}`);
  const uid = user === 'node' ? String(nodeUser) : '0';
  const args = [root, place, isConfined ? 'confined' : 'free', folder, uid, lines.join('\n'), ...command];
  const child = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', enter, 'sh', ...args], {
    env: { PATH: searchPath, HOME: user === 'node' ? '/home/node' : '/root', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.once('exit', () => rmdirSync(place));
  return child;
}

/** Runs a command to its end and gives its exit code and all that it wrote. */
export async function runInRoot(command: RootCommand): Promise<{ code: number | null; output: string }> {
  const child = startInRoot(command);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

/** Lays the lent programs and the mounts over the root folder, makes it `/`, and becomes the command. */
const enter = `
set -eu
root=$1 place=$2 rights=$3 folder=$4 uid=$5 mounts=$6
shift 6
each_mount() {
  echo "$mounts" | while IFS='=' read -r inside outside; do [ -z "$inside" ] || "$1"; done
}
make_place() {
  if [ -d "$outside" ]; then mkdir -p "$root$inside"; else mkdir -p "$root$(dirname "$inside")"; : >> "$root$inside"; fi
}
lay() { mount --bind "$outside" "$place$inside"; }
each_mount make_place
mount --bind "$root" "$place"
[ "$rights" = free ] || mount -o remount,bind,ro "$place"
mount --bind /usr "$place/usr"
mount -o remount,bind,ro "$place/usr"
mount --bind "$root/usr/local" "$place/usr/local"
[ "$rights" = free ] || mount -o remount,bind,ro "$place/usr/local"
mount -t proc proc "$place/proc"
mount --rbind /dev "$place/dev"
mount -t tmpfs -o mode=1777 tmpfs "$place/tmp"
each_mount lay
set -- sh -c 'cd "$1" && shift && exec "$@"' sh "$folder" "$@"
[ "$rights" = free ] || set -- setpriv --reuid="$uid" --regid="$uid" --clear-groups --bounding-set=-all --no-new-privs "$@"
exec chroot "$place" "$@"
`;
