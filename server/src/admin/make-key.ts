import {
  type ControlStore,
  createSecret,
  type RandomBytes,
  type StoredKey,
  toKeyPrefix,
  toSecretSha256,
} from '@px-platform/control';
import type { Clock } from '@px-platform/runtime';
import type { KeyAnswer, NewKeyAnswer } from '@px-platform/schemas';
import type { NewKey } from './new-key.ts';

/** What making a key needs from outside. */
export interface MakeKeyDeps {
  readonly control: ControlStore;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** Makes a key and stores its hash; the answer is the only place where its secret ever stands. */
export async function makeKey(deps: MakeKeyDeps, projectId: string, wanted: NewKey): Promise<NewKeyAnswer> {
  const secret = createSecret(wanted, deps.randomBytes);
  const stored = await deps.control.createKey({
    projectId,
    kind: wanted.kind,
    mode: wanted.mode,
    name: wanted.name,
    prefix: toKeyPrefix(secret),
    secretSha256: toSecretSha256(secret),
    scopes: wanted.scopes,
    expiresAt: wanted.expires_at,
    ratePerMinute: wanted.rate_per_minute,
  });
  return { created: true, key: secret, ...toKeyAnswer(stored) };
}

/** Gives a stored key as `/admin/v1` tells it: without secret or hash. */
export function toKeyAnswer(key: StoredKey): KeyAnswer {
  const { id, ...rest } = key;
  return {
    key_id: id,
    ...rest,
    created_at: key.created_at.toISOString(),
    expires_at: key.expires_at?.toISOString() ?? null,
    last_used_at: key.last_used_at?.toISOString() ?? null,
    revoked_at: key.revoked_at?.toISOString() ?? null,
  };
}
