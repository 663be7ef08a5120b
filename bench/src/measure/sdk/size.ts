import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { readSdkDist } from '../../config.ts';
import { bundle, bundleEntryByEsbuild, bundleEntryByRollup, toSizeCode } from '../../contestants/bundle.ts';
import { peers, px } from '../../contestants/contestants.ts';
import { installPeers, readInstalledPeer } from '../../contestants/install-peers.ts';
import type { Section, Target } from '../../report/section.ts';
import { toFixed } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

/** One way in which an SDK reaches a page. */
interface Form {
  readonly name: string;
  readonly licence: string;
  /** Files as they are loaded, each packed by itself. */
  readonly files: readonly (string | Uint8Array)[];
  /** What esbuild leaves to load first where it may split the code; of others' SDKs. */
  readonly firstFiles?: readonly string[];
  /** Bytes by `gzip -9` at most; null where nothing is demanded. */
  readonly maxBytes: number | null;
}

const collector = 'https://px.example.com';
const readme = fileURLToPath(new URL('../../../../sdk/README.md', import.meta.url));

/** What a page downloads for each SDK, and each form of ours beside its limit. */
export const measureSdkSize: Measurement = async (_effort, say) => {
  installPeers(say);
  const dist = readSdkDist();
  const ours = await toOwnForms(dist);
  const others: Form[] = [];
  for (const peer of peers) {
    if (peer.packageName === null) continue;
    const { version, licence } = readInstalledPeer(peer.packageName);
    const code = toSizeCode(peer, { dist, collector });
    others.push({
      name: `${peer.packageName} ${version}`,
      licence,
      files: [await bundle(code)],
      firstFiles: [await bundleEntryByEsbuild(code)],
      maxBytes: null,
    });
  }
  const weighed = [...ours, ...others].map((form) => ({
    ...form,
    ...weigh(form.files),
    first: weigh(form.firstFiles ?? form.files),
  }));
  const section: Section = {
    title: 'What an SDK weighs',
    words:
      'Bytes that a page loads before the first event, by `gzip -9` and brotli 11 of Node’s zlib. Others: one script that ' +
      'starts the SDK and tracks once, by esbuild (`--bundle --minify --format=iife --target=es2020`); *split*: what is ' +
      'left to load first where esbuild makes ES modules of it and may split them. The SDK fetches `px-gzip.js` when the ' +
      'page is idle, and the parts only where a page asks for them.',
    header: ['form', 'licence', 'raw', 'gzip', 'brotli', 'gzip, split', 'limit', 'ratio'],
    rows: [...weighed.slice(0, ours.length), ...weighed.slice(ours.length).sort((a, b) => a.gzip - b.gzip)].map(
      ({ name, licence, maxBytes, raw, gzip, brotli, first }) => [
        name,
        licence,
        ...[raw, gzip, brotli].map((bytes) => toFixed(bytes)),
        maxBytes === null ? toFixed(first.gzip) : '',
        maxBytes === null ? '' : toFixed(maxBytes),
        maxBytes === null ? '' : toFixed(gzip / maxBytes, 2),
      ],
    ),
    targets: weighed.flatMap(({ name, gzip, maxBytes }): Target[] =>
      maxBytes === null
        ? []
        : [
            {
              what: `gzip -9 of ${name}`,
              atLeast: `<= ${toFixed(maxBytes)} bytes`,
              measured: `${toFixed(gzip)} bytes`,
              isMet: gzip <= maxBytes,
            },
          ],
    ),
  };
  for (const { name, gzip } of weighed) say(`${name}: ${toFixed(gzip)} bytes`);
  return [section];
};

async function toOwnForms(dist: string): Promise<Form[]> {
  const read = (name: string): Buffer => readFileSync(join(dist, name));
  const entry = toSizeCode(px, { dist, collector });
  const stub = /<script>\n([\s\S]*?)PX\.init/.exec(readFileSync(readme, 'utf8'))?.[1];
  if (stub === undefined) throw new Error(`${readme} holds no script tag with the stub.`);
  const form = (name: string, maxBytes: number, ...files: (string | Uint8Array)[]): Form => ({
    name: `px: ${name}`,
    licence: 'MIT',
    files,
    maxBytes,
  });
  return [
    form('px.js', 5_000, read('px.js')),
    form('px.js and px-gzip.js', 8_000, read('px.js'), read('px-gzip.js')),
    form('import, by esbuild', 5_000, await bundleEntryByEsbuild(entry)),
    form('import, by rollup', 5_000, await bundleEntryByRollup(entry)),
    form('px-vitals.js', 2_300, read('px-vitals.js')),
    form('px-errors.js', 1_200, read('px-errors.js')),
    form('px-forms.js', 1_200, read('px-forms.js')),
    form('stub', 300, stub),
  ];
}

function weigh(files: readonly (string | Uint8Array)[]): { raw: number; gzip: number; brotli: number } {
  const sum = (of: (bytes: Buffer) => Buffer): number =>
    files.reduce((total, file) => total + of(Buffer.from(file)).length, 0);
  return {
    raw: sum((bytes) => bytes),
    gzip: sum((bytes) => gzipSync(bytes, { level: 9 })),
    brotli: sum((bytes) => brotliCompressSync(bytes)),
  };
}
