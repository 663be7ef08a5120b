import type { AdminClient, Refusal } from '../provision/admin-client.ts';
import type { Done } from '../provision/verb.ts';

/** Where the command runs and what it writes to. */
export interface RollupsWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly wait: (ms: number) => Promise<unknown>;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** Whose rollups, and of what time: RFC 3339, `to` exclusive. */
export interface RollupsOf {
  readonly project: string;
  readonly from: string;
  readonly to: string;
}

/** A verb: does its work by the admin API, and says on standard error how far it is. */
export type RollupsVerb = (
  client: AdminClient,
  of: RollupsOf,
  world: Pick<RollupsWorld, 'wait' | 'writeError'>,
) => Promise<(Done & { readonly isRight: boolean }) | Refusal>;
