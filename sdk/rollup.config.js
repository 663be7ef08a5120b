import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { transform } from 'esbuild';

const plugins = [nodeResolve({ extensions: ['.ts', '.js'] }), typescript()];
const minify = terser({ ecma: 2020, compress: { passes: 3, pure_getters: true }, format: { comments: false } });

export default [
  {
    input: 'src/index.ts',
    plugins: [...plugins, declarations(), sizes()],
    output: [
      { file: 'dist/px.mjs', format: 'es' },
      { file: 'dist/px.cjs', format: 'cjs', exports: 'default' },
    ],
  },
  {
    input: 'src/script-tag.ts',
    plugins: [...plugins, sizes()],
    output: { file: 'dist/px.js', format: 'iife', plugins: [minify] },
  },
];

/** Strips types. Rollup reads plain JavaScript, and esbuild sees one file at a time, as `isolatedModules` promises. */
function typescript() {
  return {
    name: 'typescript',
    async transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      const { code: js } = await transform(code, { loader: 'ts', target: 'es2020', sourcefile: id });
      return { code: js, map: null };
    },
  };
}

/** Makes the declarations out of src/px.ts, which imports nothing: what is published is what the source is checked against. */
function declarations() {
  return {
    name: 'declarations',
    generateBundle({ format }) {
      const types = readFileSync(new URL('src/px.ts', import.meta.url), 'utf8');
      this.emitFile(
        format === 'es'
          ? { type: 'asset', fileName: 'px.d.ts', source: `${types}\ndeclare const PX: Px;\nexport default PX;\n` }
          : {
              type: 'asset',
              fileName: 'px.d.cts',
              source: `declare namespace PX {\n${types}}\ndeclare const PX: PX.Px;\nexport = PX;\n`,
            },
      );
    },
  };
}

/** Prints what each file weighs, as it is and as gzip sends it. */
function sizes() {
  return {
    name: 'sizes',
    writeBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        const gzipped = gzipSync(file.code, { level: 9 }).length;
        process.stdout.write(`${file.fileName}: ${Buffer.byteLength(file.code)} B, ${gzipped} B gzip\n`);
      }
    },
  };
}
