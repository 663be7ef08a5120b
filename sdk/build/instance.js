import MagicString from 'magic-string';

const head = /function createPx\(\) \{\s*(?=return \[client, replay\])/;
const opening = /^(\(function \(.*?\) \{\n)?/;

/**
 * Where a script tag's file came from, with its parts beside it. Said in full: what a script that was fetched without CORS
 * imports has no address to be relative to (HTML standard, "creating a classic script").
 */
const folder = "const folder = document.currentScript?.src.replace(/[^/]*$/, '') || './';\n";

/** Moves the head of `createPx` above all modules but the entry: their state is then one instance's (src/create-px.ts). */
export function instance() {
  return {
    name: 'instance',
    renderChunk(code, _chunk, { format }) {
      const found = head.exec(code);
      if (!found) return null;
      const text = new MagicString(code);
      text.remove(found.index, found.index + found[0].length);
      const top = opening.exec(code)[0].length;
      text.appendRight(top, 'function createPx() {\n');
      if (format === 'iife') {
        text.appendRight(top, folder);
        text.replaceAll(/import\((['"])\.\//g, 'import(folder + $1');
      }
      return { code: text.toString(), map: text.generateMap({ hires: true }) };
    },
  };
}
