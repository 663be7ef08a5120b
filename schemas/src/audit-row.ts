/** One row of `audit_events`. Instants are epoch ms; text that was not given is ''. Field names are the column names. */
export interface AuditRow {
  tenant_id: string;
  project_id: string;
  /** UTC day of the client's own time, else of the id or of the arrival, `YYYY-MM-DD`. */
  day: string;
  event_id: string;
  timestamp: number;
  received_at: number;
  actor_id: string;
  actor_type: string;
  actor_email: string;
  action: string;
  resource_type: string;
  resource_id: string;
  result: string;
  /** JSON as it came, since a column of type JSON keeps no nulls: `{}` where none was given. */
  metadata: string;
  request_id: string;
  key_prefix: string;
  schema_version: string;
  _log: string;
  _partition: number;
  _offset: number;
  _index: number;
}

/** The columns of an audit row in the order in which adapters write them: exactly the keys of `AuditRow`. */
export const auditColumns = [
  'tenant_id',
  'project_id',
  'day',
  'event_id',
  'timestamp',
  'received_at',
  'actor_id',
  'actor_type',
  'actor_email',
  'action',
  'resource_type',
  'resource_id',
  'result',
  'metadata',
  'request_id',
  'key_prefix',
  'schema_version',
  '_log',
  '_partition',
  '_offset',
  '_index',
] as const satisfies readonly (keyof AuditRow)[];

type Missing = Exclude<keyof AuditRow, (typeof auditColumns)[number]>;
const noneMissing: [Missing] extends [never] ? true : never = true;
void noneMissing;
