import type { KeyGrant, Project, Scope, Tenant } from '@px-platform/control';

/** Who asks: a key with its grant, or a short-lived token bound to one project and to reading. */
export type Caller =
  | {
      readonly kind: 'key';
      readonly grant: KeyGrant;
      readonly project: Project;
      readonly tenant: Tenant;
      readonly scopes: readonly Scope[];
    }
  | { readonly kind: 'read_token'; readonly projectId: string; readonly scopes: readonly Scope[] };
