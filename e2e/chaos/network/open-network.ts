import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

/** Where a process runs that may be cut off: a machine of its own, as far as the network goes. */
export interface Place {
  /** Its address; this process and the other places reach it there. */
  readonly host: string;
  /** A command that becomes the process, and puts it there. */
  readonly launch: readonly string[];
}

/** Places on one switch, and lines between them that can be cut each way. */
export interface Network {
  addPlace(): Promise<Place>;
  /** From now on what `from` sends to `to` vanishes, on lines that are open as on new ones: no answer, no refusal. */
  cut(from: Place, to: Place): void;
  /** What `from` sends to `to` arrives again, also what was sent meanwhile and is still sent again. */
  mend(from: Place, to: Place): void;
  close(): Promise<void>;
}

/** Nobody's address: a packet to it is taken by nobody. */
const nowhere = '02:00:00:00:00:ff';
const maxPlaces = 250;

interface Holder {
  readonly pid: string;
  close(): Promise<void>;
}

/**
 * Opens a network without places, in namespaces that end with this process at the latest. Throws where the system lets nobody
 * make one. Source: docs/adr/0035-cut-off-by-namespaces.md.
 */
export async function openNetwork(): Promise<Network> {
  const hub = await holdNamespace();
  const name = `px${randomBytes(4).toString('hex')}`;
  const net = findFreeNet();
  const holders: Holder[] = [hub];
  const pids = new Map<Place, string>();
  const close = async (): Promise<void> => {
    // Its end in the hub goes with the hub, a moment later: where it is made anew, names and addresses must be free.
    runHere('link', 'del', name);
    await Promise.all(holders.map((holder) => holder.close()));
  };
  try {
    runIn(hub.pid, 'link', 'add', 'switch', 'type', 'bridge');
    runIn(hub.pid, 'link', 'set', 'switch', 'up');
    runHere('link', 'add', name, 'type', 'veth', 'peer', 'name', 'outside', 'netns', hub.pid);
    runHere('addr', 'add', `${net}.1/24`, 'dev', name);
    runHere('link', 'set', name, 'up');
    runIn(hub.pid, 'link', 'set', 'dev', 'outside', 'master', 'switch', 'up');
  } catch (cause) {
    await hub.close();
    throw new Error('No network could be made: these tests run as root, and need `apt-get install -y iproute2`.', {
      cause,
    });
  }

  const pidOf = (place: Place): string => {
    const pid = pids.get(place);
    if (pid === undefined) throw new Error(`${place.host} is of another network`);
    return pid;
  };
  return {
    async addPlace() {
      const number = holders.length;
      if (number > maxPlaces) throw new Error(`a network has ${maxPlaces} places at most`);
      const holder = await holdNamespace();
      holders.push(holder);
      const host = `${net}.${number + 1}`;
      runIn(hub.pid, 'link', 'add', `place${number}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', holder.pid);
      runIn(hub.pid, 'link', 'set', 'dev', `place${number}`, 'master', 'switch', 'up');
      runIn(holder.pid, 'addr', 'add', `${host}/24`, 'dev', 'eth0');
      runIn(holder.pid, 'link', 'set', 'eth0', 'up');
      runIn(holder.pid, 'link', 'set', 'lo', 'up');
      const place = { host, launch: ['nsenter', `--target=${holder.pid}`, '--net', '--'] };
      pids.set(place, holder.pid);
      return place;
    },
    cut: (from, to) =>
      runIn(pidOf(from), 'neigh', 'replace', to.host, 'lladdr', nowhere, 'nud', 'permanent', 'dev', 'eth0'),
    // Who is not known is asked for: the true address comes by itself.
    mend: (from, to) => runIn(pidOf(from), 'neigh', 'del', to.host, 'dev', 'eth0'),
    close,
  };
}

/** Makes a network namespace that lasts until it is closed, or until this process ends. */
async function holdNamespace(): Promise<Holder> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    'unshare',
    ['--net', 'sh', '-c', 'echo made && exec cat'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  if (!String(line).startsWith('made')) {
    throw new Error('No network could be made: `unshare --net` must be allowed to run these tests, as it is to root.');
  }
  return {
    pid: String(child.pid),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Gives the first three numbers of a net of 254 addresses that this machine has no way to yet. */
function findFreeNet(): string {
  const routes = readFileSync('/proc/net/route', 'utf8');
  for (;;) {
    const [second, third] = [randomInt(64, 255), randomInt(0, 256)];
    // As the kernel writes it: the last number first.
    const destination = [0, third, second, 10].map((part) => part.toString(16).padStart(2, '0')).join('');
    if (!routes.toLowerCase().includes(`\t${destination}\t`)) return `10.${second}.${third}`;
  }
}

function runHere(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function runIn(pid: string, ...args: string[]): void {
  execFileSync('nsenter', [`--target=${pid}`, '--net', '--', 'ip', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}
