import nodeResolve from '@rollup/plugin-node-resolve';
import { transform } from 'esbuild';
import { declarations } from './build/declarations.js';
import { instance } from './build/instance.js';
import { minify } from './build/minify.js';
import { weigh } from './build/weigh.js';
import react from './react/rollup.config.js';

const plugins = [nodeResolve({ extensions: ['.ts', '.js'] }), typescript()];
/** Fetched by themselves when they are needed: files of their own, beside the one that asks for them. */
const lazy = /entries\/(gzip|options)\.ts$/;

export default [
  bundle('src/index.ts', [file('px.mjs', 'es'), { ...file('px.cjs', 'cjs'), exports: 'default' }], [declarations()]),
  bundle('src/script-tag.ts', [file('px.js', 'iife')]),
  bundle('src/entries/gzip.ts', [file('px-gzip.js', 'es')]),
  bundle('src/entries/options.ts', [file('px-options.js', 'es')]),
  ...['vitals', 'errors', 'forms'].flatMap((name) => [
    bundle(`src/entries/${name}.ts`, [file(`${name}.mjs`, 'es'), file(`${name}.cjs`, 'cjs')]),
    bundle(`src/entries/${name}-tag.ts`, [file(`px-${name}.js`, 'iife')]),
  ]),
  // What a second build is compared with is the SDK alone.
  ...(process.env.PX_DIST ? [] : [react]),
];

function bundle(input, output, more = []) {
  return {
    input,
    external: (id) => lazy.test(id) && !id.endsWith(input),
    plugins: [...plugins, ...more, instance(), weigh()],
    output,
  };
}

function file(name, format) {
  return {
    file: `${process.env.PX_DIST ?? 'dist'}/${name}`,
    format,
    strict: false,
    sourcemap: true,
    paths: (id) => (lazy.test(id) ? `./px-${id.replace(/.*\/|\.ts$/g, '')}.js` : id),
    plugins: minify(format),
  };
}

/** Strips types. Rollup reads plain JavaScript, and esbuild sees one file at a time, as `isolatedModules` promises. */
function typescript() {
  return {
    name: 'typescript',
    async transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      return transform(code, { loader: 'ts', target: 'es2020', sourcefile: id, sourcemap: true });
    },
  };
}
