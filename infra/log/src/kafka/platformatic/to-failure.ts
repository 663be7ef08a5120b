import { failureKinds, untrustedCodes } from '../failure-kinds.ts';
import { KafkaFailure, type KafkaFailureKind } from '../kafka-failure.ts';

/** Turns what @platformatic/kafka threw into a failure: the first error in it that says what it is counts. */
export function toFailure(thrown: unknown): KafkaFailure {
  if (thrown instanceof KafkaFailure) return thrown;
  const errors = listErrors(thrown);
  const telling = errors.find((error) => toKind(error) !== null) ?? errors.at(-1);
  const message = telling instanceof Error ? telling.message : String(telling);
  return new KafkaFailure(toKind(telling) ?? 'unavailable', message.endsWith('.') ? message : `${message}.`, {
    cause: thrown,
  });
}

/** Says whether one of the errors in what was thrown is the protocol's of this name. */
export function hasProtocolError(thrown: unknown, name: string): boolean {
  return listErrors(thrown).some((error) => error instanceof Error && 'apiId' in error && error.apiId === name);
}

function toKind(error: unknown): KafkaFailureKind | null {
  if (!(error instanceof Error)) return null;
  if ('apiId' in error && typeof error.apiId === 'string') return failureKinds[error.apiId] ?? null;
  if (!('code' in error) || typeof error.code !== 'string') return null;
  if (error.code === 'PLT_KFK_AUTHENTICATION') return 'refused';
  return untrustedCodes.test(error.code) ? 'untrusted' : null;
}

/** All that happened below, deepest last. */
function listErrors(thrown: unknown): unknown[] {
  if (!(thrown instanceof Error)) return [thrown];
  const inner = [thrown.cause, ...(thrown instanceof AggregateError ? thrown.errors : [])];
  return [thrown, ...inner.filter((one) => one instanceof Error).flatMap(listErrors)];
}
