import { failureKinds, untrustedCodes } from '../failure-kinds.ts';
import { KafkaFailure, type KafkaFailureKind } from '../kafka-failure.ts';

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
  if ('type' in cause && typeof cause.type === 'string') return failureKinds[cause.type] ?? null;
  if (cause.name === 'KafkaJSSASLAuthenticationError') return 'refused';
  return 'code' in cause && typeof cause.code === 'string' && untrustedCodes.test(cause.code) ? 'untrusted' : null;
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
