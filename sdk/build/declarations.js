import { readFileSync } from 'node:fs';

/** Makes the declarations out of a source file that imports nothing: what is published is what the source is checked against. */
export function declarations(source, name) {
  return {
    name: 'declarations',
    generateBundle({ format }) {
      const types = readFileSync(new URL(`../src/${source}`, import.meta.url), 'utf8');
      this.emitFile(
        format === 'es'
          ? { type: 'asset', fileName: `${name}.d.ts`, source: `${types}\ndeclare const PX: Px;\nexport default PX;\n` }
          : {
              type: 'asset',
              fileName: `${name}.d.cts`,
              source: `declare namespace PX {\n${types}}\ndeclare const PX: PX.Px;\nexport = PX;\n`,
            },
      );
    },
  };
}
