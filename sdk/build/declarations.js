import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** What each optional part gives, as types; a test compiles them, and compares their options with the source. */
const parts = {
  vitals: 'export declare function vitals(): Plugin;',
  forms: 'export declare function forms(): Plugin;',
  errors:
    'export interface ErrorOptions {\n  /** Events per page load at most: a loop that fails says the same each time. @defaultValue 20 */\n  maxEvents?: number;\n}\nexport declare function errors(options?: ErrorOptions): Plugin;',
};

/** Makes the declarations out of src/px.ts, which imports nothing: what is published is what the source is checked against. */
export function declarations() {
  return {
    name: 'declarations',
    generateBundle({ format }) {
      const types = read('../src/px.ts');
      const ending = format === 'es' ? 'd.ts' : 'd.cts';
      const main =
        format === 'es'
          ? `${types}\ndeclare const PX: Px;\nexport default PX;\n`
          : `declare namespace PX {\n${types}}\ndeclare const PX: PX.Px;\nexport = PX;\n`;
      this.emitFile({ type: 'asset', fileName: `px.${ending}`, source: main });
      for (const [name, text] of Object.entries(parts)) {
        const from =
          format === 'es'
            ? "import type { Plugin } from './px.js';\n"
            : "import PX = require('./px.cjs');\ntype Plugin = PX.Plugin;\n";
        this.emitFile({ type: 'asset', fileName: `${name}.${ending}`, source: `${from}${text}\n` });
      }
    },
  };
}
