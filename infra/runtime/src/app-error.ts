/** What can break in the world around us: the closed list. Bad data is never one of these. */
export type AppErrorCode =
  | 'config_invalid'
  | 'data_dir_in_use'
  | 'data_dir_unusable'
  | 'log_full'
  | 'log_corrupt'
  | 'log_unavailable'
  | 'log_access_refused'
  | 'log_revoked'
  | 'log_refused_records'
  | 'log_version_unknown'
  | 'control_unavailable'
  | 'store_unavailable'
  | 'store_refused_rows'
  | 'query_over_budget'
  | 'migration_failed'
  | 'schema_differs'
  | 'geo_database_unreadable'
  | 'datacenter_list_unreadable'
  | 'port_in_use';

/** A broken world (disk, network, database). `message` says what was attempted, on what, and what to do next. */
export class AppError extends Error {
  readonly code: AppErrorCode;

  constructor(code: AppErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** Says whether the thrown value is an `AppError` of this code. */
export function isAppError(thrown: unknown, code: AppErrorCode): thrown is AppError {
  return thrown instanceof AppError && thrown.code === code;
}
