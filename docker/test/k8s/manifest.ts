/** One object of Kubernetes, before it is known what its kind demands. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; namespace?: string; labels?: Readonly<Record<string, string>> };
  readonly spec?: unknown;
}
