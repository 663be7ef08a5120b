import { isAppError } from '@px-platform/runtime';

/** Gives ClickHouse's code of an error, '' where it comes from elsewhere. Each client has its own copy of the class ClickHouseError, so it is read by shape. */
export function readErrorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && /^\d+$/.test(thrown.code)
    ? thrown.code
    : '';
}

/** As `readErrorCode`, of what an engine throws: of the first of its causes that has one. */
export function readCauseCode(thrown: unknown): string {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    const code = readErrorCode(cause);
    if (code !== '') return code;
  }
  return '';
}

/**
 * Codes of ClickHouse's ErrorCodes.cpp by which a server speaks of itself, and not of the statement: UNEXPECTED_END_OF_FILE,
 * ATTEMPT_TO_READ_AFTER_EOF, READONLY, TOO_MANY_SIMULTANEOUS_QUERIES, SOCKET_TIMEOUT, NETWORK_ERROR, NO_ZOOKEEPER, ABORTED,
 * TABLE_IS_READ_ONLY, NOT_ENOUGH_SPACE, TOO_MANY_PARTS, ALL_CONNECTION_TRIES_FAILED, REPLICA_IS_NOT_IN_QUORUM,
 * UNKNOWN_STATUS_OF_INSERT, QUERY_WAS_CANCELLED, CANNOT_SCHEDULE_TASK, SERVER_OVERLOADED, KEEPER_EXCEPTION.
 */
const ownTrouble = new Set('3 32 164 202 209 210 225 236 242 243 252 279 289 319 394 439 745 999'.split(' '));

/** Says whether another replica may do what this one did not: it is away, hangs, or speaks of itself. No answer of ClickHouse's has no code. */
export function isReplicaTrouble(thrown: unknown): boolean {
  if (isAppError(thrown, 'config_invalid')) return true;
  if (!isAppError(thrown, 'store_unavailable')) return false;
  const code = readCauseCode(thrown);
  return code === '' || ownTrouble.has(code);
}
