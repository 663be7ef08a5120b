import ts from 'typescript';

/**
 * Emits the declarations of the entries and all they import, as modules (`.d.ts`) and for `require` (`.d.cts`). Throws
 * where the types do not hold.
 */
export function declarations(entries) {
  let emitted;
  return {
    name: 'declarations',
    generateBundle({ format }) {
      emitted ??= emit(entries, (message) => this.error(message));
      const [types, script] = format === 'es' ? ['d.ts', 'js'] : ['d.cts', 'cjs'];
      for (const { name, text } of emitted) {
        const source = text.replace(/(['"]\.\/[\w-]+)\.ts(['"])/g, `$1.${script}$2`);
        this.emitFile({ type: 'asset', fileName: `${name}.${types}`, source });
      }
    },
  };
}

function emit(entries, refuse) {
  const program = ts.createProgram(entries, {
    declaration: true,
    emitDeclarationOnly: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: [],
    skipLibCheck: true,
  });
  const texts = [];
  const { diagnostics } = program.emit(undefined, (path, text) => {
    texts.push({ name: path.replace(/.*\/|\.d\.ts$/g, ''), text });
  });
  const [mistake] = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (mistake) refuse(`${mistake.file?.fileName}: ${ts.flattenDiagnosticMessageText(mistake.messageText, '\n')}`);
  return texts;
}
