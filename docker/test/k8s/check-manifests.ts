import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Manifest } from './manifest.ts';

/** Which package has the schema of a kind. Source: npm, MIT; made from the OpenAPI documents of Kubernetes and KEDA. */
function toModule(apiVersion: string): string {
  return apiVersion.startsWith('keda.sh/')
    ? `@kubernetes-models/keda/${apiVersion}`
    : `kubernetes-models/${apiVersion}`;
}

const place = fileURLToPath(new URL('manifests-under-test.ts', import.meta.url));

/**
 * Gives what Kubernetes' own schemas say against manifests: nothing where they are right. Their JSON Schemas, compiled, tell
 * wrong and missing values; the types made from them tell fields that do not exist, which JSON Schema lets pass.
 */
export async function checkManifests(manifests: readonly Manifest[]): Promise<string[]> {
  const said = await Promise.all(manifests.map(checkValues));
  return [...said.flat(), ...checkFields(manifests)];
}

async function checkValues(manifest: Manifest): Promise<string[]> {
  const { apiVersion, kind, metadata } = manifest;
  const module: Record<string, new (data: object) => { validate(): void }> = await import(toModule(apiVersion));
  const Kind = module[kind];
  if (Kind === undefined) return [`${kind} ${metadata.name}: ${apiVersion} has no such kind`];
  try {
    new Kind(manifest).validate();
    return [];
  } catch (error) {
    return [`${kind} ${metadata.name}: ${error instanceof Error ? error.message : error}`];
  }
}

/** Has the compiler look at each manifest as a literal of its kind's type. */
function checkFields(manifests: readonly Manifest[]): string[] {
  const text = manifests
    .map(
      (manifest, at) =>
        `import type { I${manifest.kind} as Kind${at} } from '${toModule(manifest.apiVersion)}';\n` +
        `export const manifest${at}: Kind${at} = ${JSON.stringify(manifest)};\n`,
    )
    .join('');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => path === place || fileExists(path);
  host.readFile = (path) => (path === place ? text : readFile(path));
  const program = ts.createProgram([place], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText, start, file }) => {
    const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line;
    const { kind = '', metadata } = manifests[Math.floor(line / 2)] ?? {};
    return `${kind} ${metadata?.name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
