import { AppError, type AppErrorCode } from '@px-platform/runtime';

/** What can go wrong between us and Kafka: the closed list. */
export type KafkaFailureKind =
  /** Brokers can't be reached, have no leader, or gave no answer in time. */
  | 'unavailable'
  /** The password, or the right to do this, is refused. */
  | 'refused'
  /** The broker's certificate is not to be trusted, or ours is not. */
  | 'untrusted'
  | 'topic_missing'
  /** A batch is larger than the topic takes. */
  | 'too_large'
  /** The group has gone on without this member. */
  | 'stale';

/** A failure of Kafka, in words that both client libraries' errors are turned into. */
export class KafkaFailure extends Error {
  readonly kind: KafkaFailureKind;

  constructor(kind: KafkaFailureKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'KafkaFailure';
    this.kind = kind;
  }
}

/** Says whether the thrown value is a `KafkaFailure` of this kind. */
export function isKafkaFailure(thrown: unknown, kind: KafkaFailureKind): thrown is KafkaFailure {
  return thrown instanceof KafkaFailure && thrown.kind === kind;
}

const advice: Readonly<Record<KafkaFailureKind, string>> = {
  unavailable:
    'See whether the brokers of KAFKA_BOOTSTRAP_SERVERS run, can be reached from here, and want TLS (KAFKA_SSL) or a password (KAFKA_SASL_MECHANISM).',
  refused:
    'See KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, and what the brokers allow this user.',
  untrusted:
    'See KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SSL_CERT and KAFKA_SSL_KEY, and whether the certificates of both sides are still valid.',
  topic_missing: 'The topic is gone: make it again, and start the process again.',
  too_large: 'Raise max.message.bytes of the topic.',
  stale: 'The group has given the partition to another member, which goes on from what is committed.',
};

const codes: Readonly<Partial<Record<KafkaFailureKind, AppErrorCode>>> = {
  stale: 'log_revoked',
  too_large: 'log_refused_records',
};

/** Turns what was thrown while `attempt` was made into the error that callers of a log know. */
export function toLogError(attempt: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!(thrown instanceof KafkaFailure)) {
    return new AppError('log_unavailable', `${attempt} failed.`, { cause: thrown });
  }
  return new AppError(
    codes[thrown.kind] ?? 'log_unavailable',
    `${attempt} failed: ${thrown.message} ${advice[thrown.kind]}`,
    { cause: thrown },
  );
}

/**
 * As `toLogError`, where a log is opened or read: a password or a certificate that is refused is `log_access_refused`, since nothing
 * passes by waiting. What is appended meanwhile is told as `log_unavailable`, so that a spool takes it.
 */
export function toAccessError(attempt: string, thrown: unknown): AppError {
  const error = toLogError(attempt, thrown);
  const isRefused = isKafkaFailure(thrown, 'refused') || isKafkaFailure(thrown, 'untrusted');
  return isRefused ? new AppError('log_access_refused', error.message, { cause: thrown }) : error;
}
