import { KafkaFailure, type KafkaFailureKind } from '../kafka-failure.ts';

/** By the names that the protocol gives its errors. */
const kindsByType: Readonly<Record<string, KafkaFailureKind>> = {
  ILLEGAL_GENERATION: 'stale',
  UNKNOWN_MEMBER_ID: 'stale',
  REBALANCE_IN_PROGRESS: 'stale',
  FENCED_INSTANCE_ID: 'stale',
  MESSAGE_TOO_LARGE: 'too_large',
  RECORD_LIST_TOO_LARGE: 'too_large',
  UNKNOWN_TOPIC_OR_PARTITION: 'topic_missing',
  TOPIC_AUTHORIZATION_FAILED: 'refused',
  GROUP_AUTHORIZATION_FAILED: 'refused',
  CLUSTER_AUTHORIZATION_FAILED: 'refused',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'refused',
  POLICY_VIOLATION: 'refused',
  SASL_AUTHENTICATION_FAILED: 'refused',
  UNSUPPORTED_SASL_MECHANISM: 'refused',
  ILLEGAL_SASL_STATE: 'refused',
};

/** Node's codes of a certificate that it does not trust. */
const untrusted = /CERT|SELF_SIGNED|^UNABLE_TO_VERIFY|^ERR_SSL|^ERR_TLS|ISSUER/;

/** Turns what kafkajs threw into a failure; the first of its causes that says what it is counts. */
export function toFailure(thrown: unknown): KafkaFailure {
  if (thrown instanceof KafkaFailure) return thrown;
  const causes = listCauses(thrown);
  const known = causes.map(toKind).find((kind) => kind !== null);
  const deepest = causes.at(-1);
  const message = deepest instanceof Error ? deepest.message : String(deepest);
  return new KafkaFailure(known ?? 'unavailable', message.endsWith('.') ? message : `${message}.`, { cause: thrown });
}

function toKind(cause: unknown): KafkaFailureKind | null {
  if (!(cause instanceof Error)) return null;
  if ('type' in cause && typeof cause.type === 'string') return kindsByType[cause.type] ?? null;
  if (cause.name === 'KafkaJSSASLAuthenticationError') return 'refused';
  return 'code' in cause && typeof cause.code === 'string' && untrusted.test(cause.code) ? 'untrusted' : null;
}

/** kafkajs hangs what happened below `cause`, `originalError` or, for several topics at once, `errors`. */
function listCauses(thrown: unknown): unknown[] {
  if (!(thrown instanceof Error)) return [thrown];
  const inner = [
    thrown.cause,
    'originalError' in thrown ? thrown.originalError : null,
    'errors' in thrown && Array.isArray(thrown.errors) ? thrown.errors[0] : null,
  ].find((one) => one instanceof Error && one !== thrown);
  return inner === undefined ? [thrown] : [thrown, ...listCauses(inner)];
}
