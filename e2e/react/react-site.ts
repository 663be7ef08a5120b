import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openSite, type Site } from '../src/site.ts';

const react = fileURLToPath(new URL('../../sdk/react/', import.meta.url));

/** Bundles a page of `sdk/react/test/pages` as an app in development would be: StrictMode mounts all twice. */
export async function bundlePage(name: string, alias: Readonly<Record<string, string>> = {}): Promise<string> {
  const built = await build({
    entryPoints: [`test/pages/${name}.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    absWorkingDir: react,
    outdir: 'never-written',
    alias: { ...alias },
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  return built.outputFiles[0]?.text ?? '';
}

/** Opens a site whose every page is this app, with `inner` already in its place. */
export function openApp(script: string, options: object, inner = ''): Promise<Site> {
  const text = script.replaceAll('</script', '<\\/script');
  return openSite(
    () =>
      `<!doctype html><title>App</title><div id="app">${inner}</div><script>options = ${JSON.stringify(options)}</script><script type="module">${text}</script>`,
  );
}
