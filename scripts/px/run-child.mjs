import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { pinnedNode, root } from './workspace.mjs';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const sameSignalMs = 500;
const watchParentMs = 1_000;
/** Where Node keeps what it has compiled, by content: a start of the server takes a quarter less of a core's time. */
const compileCache = join(root, 'node_modules', '.cache', 'node-compile');

/**
 * Runs a script on the pinned Node with this terminal's input and output. Gives its exit code, 128 +
 * signal where it was killed. The child has a process group of its own and each signal is passed on
 * once: one Ctrl-C reaches this process twice, from the terminal and from npm, and a child that had
 * it from both would take the second for "now, at once".
 */
export function runChild(args, { env = {} } = {}) {
  const path = [join(root, 'node_modules', 'node', 'bin'), join(root, 'node_modules', '.bin'), process.env.PATH];
  const child = spawn(pinnedNode(), args, {
    cwd: root,
    stdio: 'inherit',
    detached: true,
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...env, PATH: path.join(delimiter) },
  });
  const pass = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  forwardSignals(pass);
  watchParent(() => pass('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function forwardSignals(pass) {
  const lastAt = new Map();
  for (const signal of forwarded) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - (lastAt.get(signal) ?? -Infinity) > sameSignalMs) pass(signal);
      lastAt.set(signal, now);
    });
  }
}

/** Where npm is killed outright it can pass nothing on: then its death is the signal. */
function watchParent(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, watchParentMs);
  timer.unref();
}
