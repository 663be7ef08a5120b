import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createElement, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { createStaticHandler, createStaticRouter, StaticRouterProvider } from 'react-router';
import { expect, test } from 'vitest';
import { PXProvider, usePX } from '../src/index.ts';
import { RouterPageViews } from '../src/react-router.ts';

const options = { apiKey: 'px_pub_live_key', projectId: 'p' };

function Buy() {
  const px = usePX();
  px.track('rendered');
  return createElement('p', null, typeof px.track);
}

test('renders on a server: the children alone, and measures nothing', () => {
  const app = createElement(StrictMode, null, createElement(PXProvider, { options }, createElement(Buy)));
  expect(renderToString(app)).toBe('<p>function</p>');
});

test('renders page views of a router on a server as nothing', async () => {
  const pageViews = createElement(RouterPageViews);
  const routes = [{ path: '/teas/:slug', element: createElement(PXProvider, { options, pageViews }, 'tea') }];
  const { query, dataRoutes } = createStaticHandler(routes);
  const context = await query(new Request('http://shop.example/teas/ember'));
  if (context instanceof Response) throw new Error('redirected');
  const router = createStaticRouter(dataRoutes, context);
  expect(renderToString(createElement(StaticRouterProvider, { router, context, hydrate: false }))).toBe('tea');
});

test.each(['index', 'react-router'])(
  '%s loads by import and by require, with one SDK for both of its entries',
  (name) => {
    const require = createRequire(import.meta.url);
    const entry = `@px-platform/react${name === 'index' ? '' : `/${name}`}`;
    const code = `
    const { createElement } = require('react');
    const { renderToString } = require('react-dom/server');
    const { usePX } = require('@px-platform/react');
    const PX = require('@px-platform/sdk');
    const App = () => String(usePX() === PX);
    console.log(Object.keys(require('${entry}')).sort().join(), renderToString(createElement(App)));`;
    const run = (args: string[]) =>
      execFileSync(process.execPath, args, {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        encoding: 'utf8',
      }).trim();
    const names = name === 'index' ? 'PXProvider,usePX,usePageView' : 'RouterPageViews';
    expect(run(['--input-type=commonjs', '-e', code])).toBe(`${names} true`);
    const module = code
      .replace(/const (\{[^}]*\}|PX) = require\('([^']+)'\);/g, "import $1 from '$2';")
      .replace(/Object\.keys\(require\('([^']+)'\)\)/, "Object.keys(await import('$1'))");
    expect(run(['--input-type=module', '-e', module])).toBe(`${names} true`);
    expect(require.resolve(entry)).toMatch(/\.cjs$/);
  },
);
