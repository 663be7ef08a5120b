import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import jsonPatch, { type Operation } from 'fast-json-patch';
import { parseYaml } from '../read-yaml.ts';
import type { Manifest } from './manifest.ts';

interface Kustomization {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resources: readonly string[];
  readonly namespace?: string;
  readonly labels?: readonly { readonly pairs: Readonly<Record<string, string>> }[];
  readonly images?: readonly { readonly name: string; readonly newName?: string; readonly newTag?: string }[];
  readonly patches?: readonly {
    readonly target: { readonly kind: string; readonly name: string };
    readonly patch: string;
  }[];
}

const known = ['apiVersion', 'kind', 'resources', 'namespace', 'labels', 'images', 'patches'];

/**
 * Gives what `kubectl kustomize FOLDER` would print, of the few things that are used here: resources, one namespace, labels
 * that no selector gets, image names, and JSON patches (RFC 6902). Throws where a kustomization says anything else, and
 * where a patch finds nothing to change.
 */
export function renderOverlay(folder: string): Manifest[] {
  const file = join(folder, 'kustomization.yaml');
  const [parsed] = parseYaml(readFileSync(file, 'utf8'));
  const kustomization = parsed as Kustomization;
  const strange = Object.keys(kustomization).filter((key) => !known.includes(key));
  if (strange.length > 0) throw new Error(`${file}: ${strange.join(', ')} is not read here`);
  const manifests = kustomization.resources.flatMap((resource) => readResource(resolve(folder, resource)));
  for (const { target, patch } of kustomization.patches ?? []) {
    const [operations] = parseYaml(patch);
    const chosen = manifests.filter(({ kind, metadata }) => kind === target.kind && metadata.name === target.name);
    if (chosen.length !== 1) throw new Error(`${file}: a patch for ${target.kind} ${target.name}, which is not there`);
    for (const manifest of chosen) jsonPatch.applyPatch(manifest, operations as Operation[], true);
  }
  for (const manifest of manifests) finish(manifest, kustomization);
  return manifests;
}

function readResource(path: string): Manifest[] {
  if (statSync(path).isDirectory()) return renderOverlay(path);
  if (basename(path) === 'kustomization.yaml') throw new Error(`${dirname(path)} is named by its folder`);
  return parseYaml(readFileSync(path, 'utf8')) as Manifest[];
}

function finish(manifest: Manifest, { namespace, labels = [], images = [] }: Kustomization): void {
  if (namespace !== undefined && manifest.kind !== 'Namespace') manifest.metadata.namespace = namespace;
  for (const { pairs } of labels) manifest.metadata.labels = { ...manifest.metadata.labels, ...pairs };
  const template = (manifest.spec as { template?: { spec: { containers: { image: string }[] } } } | undefined)
    ?.template;
  for (const container of template?.spec.containers ?? []) {
    const image = images.find(({ name }) => name === container.image);
    if (image !== undefined)
      container.image = `${image.newName ?? image.name}${image.newTag ? `:${image.newTag}` : ''}`;
  }
}
