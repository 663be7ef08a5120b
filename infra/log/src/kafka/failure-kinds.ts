import type { KafkaFailureKind } from './kafka-failure.ts';

/** What each of the protocol's errors is to us, by its name there; any other is `unavailable`. */
export const failureKinds: Readonly<Record<string, KafkaFailureKind>> = {
  ILLEGAL_GENERATION: 'stale',
  UNKNOWN_MEMBER_ID: 'stale',
  REBALANCE_IN_PROGRESS: 'stale',
  FENCED_INSTANCE_ID: 'stale',
  MESSAGE_TOO_LARGE: 'too_large',
  RECORD_LIST_TOO_LARGE: 'too_large',
  UNKNOWN_TOPIC_OR_PARTITION: 'topic_missing',
  UNKNOWN_TOPIC_ID: 'topic_missing',
  TOPIC_AUTHORIZATION_FAILED: 'refused',
  GROUP_AUTHORIZATION_FAILED: 'refused',
  CLUSTER_AUTHORIZATION_FAILED: 'refused',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'refused',
  POLICY_VIOLATION: 'refused',
  SASL_AUTHENTICATION_FAILED: 'refused',
  UNSUPPORTED_SASL_MECHANISM: 'refused',
  ILLEGAL_SASL_STATE: 'refused',
};

/** Matches Node's codes of a certificate that one side does not trust; not of a broker that ends in the middle of a handshake. */
export const untrustedCodes = /CERT|SELF_SIGNED|^UNABLE_TO_VERIFY|^ERR_SSL_(?!UNEXPECTED_EOF)|^ERR_TLS|ISSUER/;
