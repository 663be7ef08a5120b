import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@px-platform/runtime';

/** One built file of the SDK that a page may load. */
export interface SdkFile {
  readonly name: string;
  readonly body: Buffer;
  /** First 16 hex digits of its SHA-384: stands in its long-lived name and its ETag. */
  readonly hash: string;
  /** For `integrity=""`: `sha384-` and base64. Source: Subresource Integrity, 3.2. */
  readonly integrity: string;
}

/** Every file by its name. */
export type SdkFiles = ReadonlyMap<string, SdkFile>;

const served = /^[a-z][a-z-]*\.m?js(\.map)?$/;

/**
 * Reads what a page may load of a build of the SDK: scripts, modules and their source maps, once and for the life of
 * the process. Throws `config_invalid` where the folder holds no `px.js`.
 */
export function readSdkFiles(dir: string): SdkFiles {
  const files = new Map<string, SdkFile>();
  for (const name of listFolder(dir).filter((entry) => served.test(entry))) {
    const body = readFileSync(join(dir, name));
    const sha384 = createHash('sha384').update(body).digest();
    files.set(name, {
      name,
      body,
      hash: sha384.toString('hex').slice(0, 16),
      integrity: `sha384-${sha384.toString('base64')}`,
    });
  }
  if (files.has('px.js')) return files;
  throw new AppError('config_invalid', `${dir} holds no px.js to serve: build the SDK with \`npm run build\``);
}

function listFolder(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch (cause) {
    throw new AppError('config_invalid', `${dir} can't be read: build the SDK with \`npm run build\``, { cause });
  }
}
