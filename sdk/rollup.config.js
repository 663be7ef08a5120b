import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { transform } from 'esbuild';
import { declarations } from './build/declarations.js';
import { keptNames } from './build/kept-names.js';
import { weigh } from './build/weigh.js';

const plugins = [nodeResolve({ extensions: ['.ts', '.js'] }), typescript()];
/** Fetched by themselves when they are needed: files of their own, beside the one that asks for them. */
const lazy = /entries\/(gzip|options)\.ts$/;

const main = {
  input: 'src/index.ts',
  external: lazy,
  plugins: [...plugins, declarations('px.ts', 'px'), weigh()],
  output: [output('px.mjs', 'es'), { ...output('px.cjs', 'cjs'), exports: 'default' }],
};

export default [
  main,
  { input: 'src/script-tag.ts', external: lazy, plugins: [...plugins, weigh()], output: output('px.js', 'iife') },
  { input: 'src/entries/gzip.ts', plugins: [...plugins, weigh()], output: output('px-gzip.js', 'es') },
  { input: 'src/entries/options.ts', plugins: [...plugins, weigh()], output: output('px-options.js', 'es') },
];

function output(name, format) {
  return {
    file: `dist/${name}`,
    format,
    sourcemap: true,
    paths: (id) => (lazy.test(id) ? `./px-${id.replace(/.*\/|\.ts$/g, '')}.js` : id),
    plugins: [minify(format)],
  };
}

/** Shortens all names but those that somebody outside reads or writes. */
function minify(format) {
  return terser({
    ecma: 2020,
    module: format === 'es',
    toplevel: true,
    compress: { passes: 4, pure_getters: true, unsafe_arrows: true, unsafe_methods: true, keep_fargs: false },
    mangle: { properties: { reserved: keptNames(), keep_quoted: true } },
    format: { comments: false },
  });
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
