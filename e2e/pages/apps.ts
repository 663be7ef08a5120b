import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppUnderTest } from './app-under-test.ts';
import { writePosts } from './preparing/write-posts.ts';

const bookmarks = ['/', '/notes', '/notes/desk', '/notes/7', '/notes/search', '/notes/write'];

/** The real pages that the SDK is tried on. */
export const apps: readonly AppUnderTest[] = [
  {
    name: 'next',
    madeBy: 'create-next-app',
    pasteTag: (folder, { script, src }) => {
      paste(join(folder, 'app/layout.tsx'), 'import "./globals.css";', 'import Script from "next/script";\n', 'before');
      paste(
        join(folder, 'app/layout.tsx'),
        '<body>{children}',
        `<Script id="px">{${JSON.stringify(script)}}</Script><Script src="${src}" crossOrigin="anonymous" />`,
        'after',
      );
    },
    build: ['next', 'build'],
    serve: (port) => ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    env: {
      NEXT_TELEMETRY_DISABLED: '1',
      NEXT_FONT_GOOGLE_MOCKED_RESPONSES: fileURLToPath(new URL('preparing/next-fonts.cjs', import.meta.url)),
    },
    isReady: "Object.keys(document.querySelector('main') ?? {}).some((key) => key.startsWith('__react'))",
    isRouted: true,
    seesRewrites: true,
    showsRedirects: true,
    landing: oldNoteIsTheFirst,
    bookmarks,
  },
  {
    name: 'vue',
    madeBy: 'create-vue with its router',
    pasteTag: (folder, { html }) => paste(join(folder, 'index.html'), '</title>', `\n${html}`, 'after'),
    build: ['vite', 'build', '--logLevel', 'warn'],
    serve: (port) => ['node_modules/vite/bin/vite.js', 'preview', '--host', '127.0.0.1', '--port', String(port)],
    isReady: "document.querySelector('#app')?.childElementCount > 0",
    isRouted: true,
    seesRewrites: true,
    showsRedirects: false,
    landing: oldNoteIsTheFirst,
    bookmarks,
  },
  {
    name: 'turbo',
    madeBy: 'express-generator and Turbo Drive',
    pasteTag: (folder, { html }) => {
      for (const view of ['index.ejs', 'notes/top.ejs']) {
        paste(join(folder, 'views', view), '</title>', `\n${html}`, 'after');
      }
    },
    serve: () => ['bin/www'],
    env: { NODE_ENV: 'production' },
    isReady: "'Turbo' in window && !document.documentElement.matches('[aria-busy],[data-turbo-preview]')",
    isRouted: true,
    seesRewrites: false,
    showsRedirects: true,
    landing: oldNoteIsTheFirst,
    bookmarks,
  },
  {
    name: 'hexo',
    madeBy: 'hexo-cli, static pages',
    fill: (folder) => writePosts(join(folder, 'source/_posts')),
    pasteTag: (folder, { html }) => {
      const text = `hexo.extend.injector.register('head_begin', ${JSON.stringify(html)});\n`;
      // Hexo runs what lies in this folder.
      mkdirSync(join(folder, 'scripts'), { recursive: true });
      writeFileSync(join(folder, 'scripts/px.js'), text);
    },
    build: ['hexo', 'generate'],
    serve: (port) => ['node_modules/hexo-cli/bin/hexo', 'server', '--static', '--ip', '127.0.0.1', '-p', String(port)],
    isReady: 'true',
    isRouted: false,
    seesRewrites: true,
    showsRedirects: false,
    landing: (url) => (/(\/|\.\w+)$/.test(url.pathname) ? url : withPath(url, `${url.pathname}/`)),
    bookmarks: ['/', '/desk/', '/archives/', '/thanks/'],
  },
];

function oldNoteIsTheFirst(url: URL): URL {
  return url.pathname === '/notes/old' ? withPath(url, '/notes/1') : url;
}

function withPath(url: URL, path: string): URL {
  const moved = new URL(url);
  moved.pathname = path;
  return moved;
}

/** Puts text beside a passage of a file. Throws where the passage is not there: then the starter has changed. */
function paste(file: string, passage: string, text: string, where: 'before' | 'after'): void {
  const source = readFileSync(file, 'utf8');
  if (!source.includes(passage)) throw new Error(`${file} has no ${passage}: say anew where the tag goes.`);
  writeFileSync(
    file,
    source.replace(passage, () => (where === 'after' ? passage + text : text + passage)),
  );
}
