import { build } from 'esbuild';
import { rollup } from 'rollup';
import { minify } from 'terser';
import type { Contestant, Place } from './contestant.ts';
import { peersFolder } from './install-peers.ts';

const common = { bundle: true, minify: true, target: 'es2020', logLevel: 'error', write: false } as const;

/** Gives one script of a contestant that does `code`, as a site would ship it: bundled, minified, for ES2020. */
export async function bundle(code: string): Promise<string> {
  const { outputFiles } = await build({
    ...common,
    stdin: { contents: code, resolveDir: peersFolder },
    format: 'iife',
    // The SDK fetches these from beside it when it needs them: one script cannot hold them apart.
    external: ['./px-gzip.js', './px-options.js'],
  });
  return outputFiles[0]?.text ?? '';
}

/** Gives what a page loads first of an ES module that does `code`, as esbuild splits it: its entry and what that imports. */
export async function bundleEntryByEsbuild(code: string): Promise<string> {
  const { outputFiles, metafile } = await build({
    ...common,
    stdin: { contents: code, resolveDir: peersFolder },
    format: 'esm',
    splitting: true,
    metafile: true,
    absWorkingDir: peersFolder,
    outdir: 'never-written',
  });
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === '<stdin>');
  return closeOver(entry ?? '', (path) => ({
    code: outputFiles.find((file) => file.path.endsWith(`/${path}`))?.text ?? '',
    imports: (metafile.outputs[path]?.imports ?? []).flatMap((found) =>
      found.kind === 'import-statement' ? [found.path] : [],
    ),
  }));
}

/** The same by rollup, with terser. */
export async function bundleEntryByRollup(code: string): Promise<string> {
  const entry = 'entry.js';
  const given = {
    name: 'entry',
    resolveId: (id: string) => (id === entry ? id : null),
    load: (id: string) => (id === entry ? code : null),
  };
  const built = await rollup({ input: entry, plugins: [given] });
  const { output } = await built.generate({ format: 'es' });
  await built.close();
  const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
  const first = [...chunks.values()].find(({ isEntry }) => isEntry);
  const joined = closeOver(first?.fileName ?? '', (path) => chunks.get(path) ?? { code: '', imports: [] });
  return (await minify(joined, { module: true })).code ?? '';
}

/** Joins a file and what it imports at once, each once. Throws where it is empty. */
function closeOver(
  entry: string,
  read: (path: string) => { readonly code: string; readonly imports: readonly string[] },
): string {
  const seen = new Map<string, string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    const { code, imports } = read(path);
    seen.set(path, code);
    for (const next of imports) visit(next);
  };
  visit(entry);
  const code = [...seen.values()].join('\n');
  if (code.trim() === '') throw new Error(`The bundle of ${entry} is empty.`);
  return code;
}

/** Code that only starts an SDK and tracks once: what the size of one is measured by. */
export function toSizeCode(contestant: Contestant, place: Place): string {
  const { imports, init, track } = contestant.toCode(place);
  return `${imports}\n${init};\n(${track})('product_added', { sku: 'first-light' });`;
}

/** Code that starts an SDK, tells how long the call took, and offers `track` and `flush` as `globalThis.bench`. */
export function toPageCode(contestant: Contestant, place: Place): string {
  const { imports, init, track, flush } = contestant.toCode(place);
  return `${imports}
const startedAt = performance.now();
${init};
globalThis.bench = { initMs: performance.now() - startedAt, track: ${track}, flush: ${flush ?? '() => {}'} };`;
}
