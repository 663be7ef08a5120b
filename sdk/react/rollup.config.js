import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { declarations } from './build/declarations.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const input = Object.fromEntries(['index', 'next', 'react-router'].map((name) => [name, here(`src/${name}.ts`)]));

export default {
  input,
  external: /^(react|react-router|next\/navigation|@px-platform\/sdk)$/,
  plugins: [typescript(), declarations([...Object.values(input), here('src/next-navigation.d.ts')])],
  output: [output('es', 'mjs'), output('cjs', 'cjs')],
};

/** Not minified: the app's own bundler does that. What the entries share is a file of its own, so that they share it. */
function output(format, ending) {
  return {
    dir: here('dist'),
    format,
    sourcemap: true,
    entryFileNames: `[name].${ending}`,
    manualChunks: (id) => (/(use-px|use-page-view|to-route)\.ts$/.test(id) ? 'shared' : undefined),
    chunkFileNames: `[name].${ending}`,
    // Rollup drops directives of modules: without it, Next.js would run this on the server.
    banner: "'use client';",
    exports: 'named',
    interop: 'auto',
    // No `import` of a shared file's own imports, which bundlers would warn of.
    hoistTransitiveImports: false,
  };
}

function typescript() {
  return {
    name: 'typescript',
    resolveId: (id, from) => (id.startsWith('.') && from ? fileURLToPath(new URL(id, `file://${from}`)) : null),
    async transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      return transform(code, { loader: 'ts', target: 'es2020', sourcefile: id, sourcemap: true });
    },
  };
}
