import { open } from 'node:fs/promises';
import { AppError, type Logger } from '@px-platform/runtime';
import { readFileStamp } from '../watched-file/read-file-stamp.ts';
import { type FileLoadOutcome, watchFile } from '../watched-file/watch-file.ts';
import type { DatacenterList } from './datacenter-list.ts';
import { createNetworkSet, type NetworkSet } from './network-set.ts';

/** Larger files are none of networks; in bytes. All that is public today is 2 MB. */
const maxBytes = 32 * 1024 * 1024;

/** A list of datacentres and the end of its watch. */
export interface OpenDatacenterList {
  readonly list: DatacenterList;
  /** Looks at the file now, as it is looked at every `checkIntervalMs`. */
  check(): Promise<void>;
  close(): void;
}

/**
 * Reads the networks of datacentres into memory: the text file at `path`, a network in CIDR notation a line, what follows
 * `#` is left out. It is looked at every `checkIntervalMs` and read again when it has changed. A file that is missing, empty
 * or broken is warned of (`datacenter_list_unreadable`) and counted, and the one before stays. Never throws.
 */
export async function openDatacenterList(options: {
  path: string;
  checkIntervalMs: number;
  count: (outcome: FileLoadOutcome) => void;
  logger: Pick<Logger, 'info' | 'warn'>;
}): Promise<OpenDatacenterList> {
  const { path, checkIntervalMs, logger } = options;
  const { current, revision, check } = await watchFile({
    ...options,
    none: createNetworkSet([]),
    read: () => readNetworks(path),
    code: 'datacenter_list_unreadable',
    readStamp: readFileStamp,
    onReplaced: ({ size }) => logger.info({ path, networks: size }, 'the list of datacentres was read again'),
  });
  const timer = setInterval(() => void check(), checkIntervalMs);
  timer.unref();
  return { list: { has: (ip) => current().has(ip), revision }, check, close: () => clearInterval(timer) };
}

async function readNetworks(path: string): Promise<NetworkSet> {
  try {
    const networks = createNetworkSet(toLines(await readBounded(path)));
    if (networks.size === 0) throw new Error('the file holds no network');
    return networks;
  } catch (cause) {
    throw new AppError(
      'datacenter_list_unreadable',
      `Could not read the datacentres' networks ${path}: set DATACENTER_DB to a text file with a network like 203.0.113.0/24 a line. ` +
        'Until then, those of the file read before hold, or none.',
      { cause },
    );
  }
}

async function readBounded(path: string): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size > maxBytes) throw new Error(`the file has ${size} bytes; at most ${maxBytes} are read`);
  return file.readFile('utf8');
}

function toLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}
