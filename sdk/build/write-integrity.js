import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/**
 * Writes sdk/integrity.json: what each built script weighs, as it is and by `gzip -9`, and its sha384 for Subresource
 * Integrity. It is committed, so that a change of what pages load shows in review, and published with the package.
 */
const dist = new URL('../dist/', import.meta.url);
const scripts = readdirSync(dist).filter((name) => /\.(m?js|cjs)$/.test(name));
const table = Object.fromEntries(
  scripts.sort().map((name) => {
    const bytes = readFileSync(new URL(name, dist));
    const sha384 = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
    return [name, { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, sha384 }];
  }),
);
writeFileSync(new URL('../integrity.json', import.meta.url), `${JSON.stringify(table, null, 2)}\n`);
