import { keyAnswerSchema, newKeyAnswerSchema } from '@px-platform/schemas';
import type { AdminClient, Refusal } from '../provision/admin-client.ts';

/** A key of one replay. */
export interface ReplayKey {
  readonly kind: 'key';
  readonly secret: string;
  /** Revokes it. */
  end(): Promise<void>;
}

/** A backstop: it is revoked when the replay ends. */
const lifetimeMs = 7 * 24 * 60 * 60 * 1000;
/** The replay has a rate of its own. */
const ratePerMinute = 1_000_000;

/** Makes a key that writes events, for one replay: its prefix stands on the rows that it brings. Gives why where it can't. */
export async function makeReplayKey(client: AdminClient, projectId: string, now: number): Promise<ReplayKey | Refusal> {
  const made = await client.send({
    method: 'POST',
    path: `/projects/${projectId}/keys`,
    body: {
      kind: 'srv',
      name: `replay ${new Date(now).toISOString()}`,
      scopes: ['events:write'],
      expires_in_ms: lifetimeMs,
      rate_per_minute: ratePerMinute,
    },
    answer: newKeyAnswerSchema,
  });
  if (made.kind === 'refused') return made;
  const { key: secret, key_id } = made.body;
  if (secret === undefined) {
    return { kind: 'refused', code: 'conflict', message: 'Another replay began in this millisecond; run it again.' };
  }
  return {
    kind: 'key',
    secret,
    async end() {
      await client.send({ method: 'POST', path: `/keys/${key_id}/revoke`, answer: keyAnswerSchema });
    },
  };
}
