import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

/** A small disk that only the processes launched on it see. */
export interface PrivateDisk {
  /** A data folder on it, as those processes name it. */
  readonly dataDir: string;
  /** The same folder, as this process names it. */
  readonly outside: string;
  /** Puts a process onto the disk. */
  readonly launch: readonly string[];
  makeReadOnly(): void;
  close(): Promise<void>;
}

/**
 * Makes a disk in memory (tmpfs), in a mount namespace of its own, which takes no root and leaves nothing behind; the
 * data folder begins with what `make-control.ts` has made. Throws where the system lets nobody do this.
 */
export async function openPrivateDisk(sizeMib: number): Promise<PrivateDisk> {
  const place = mkdtempSync(join(tmpdir(), 'px-disk-'));
  // Holds the namespace until its input ends, with this process at the latest.
  const holder = spawn(
    'unshare',
    ['-rm', 'sh', '-c', `mount -t tmpfs -o size=${sizeMib}m px "$1" && echo mounted && exec cat`, 'sh', place],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(holder, 'exit');
  const [line] = await Promise.race([once(holder.stdout, 'data'), ended]);
  if (!String(line).startsWith('mounted')) {
    throw new Error('No disk could be made: `unshare -rm` and `mount -t tmpfs` must be allowed to run these tests.');
  }
  const pid = String(holder.pid);
  const launch = ['nsenter', '--preserve-credentials', '-U', '-m', '-t', pid, '--'];
  const dataDir = join(place, 'data');
  const outside = `/proc/${pid}/root${dataDir}`;
  cpSync(inject('madeControl'), outside, { recursive: true, verbatimSymlinks: true });
  return {
    dataDir,
    outside,
    launch,
    makeReadOnly() {
      const [command = '', ...args] = [...launch, 'mount', '-o', 'remount,ro', place];
      execFileSync(command, args);
    },
    async close() {
      holder.stdin.end();
      await ended;
      rmSync(place, { recursive: true });
    },
  };
}
