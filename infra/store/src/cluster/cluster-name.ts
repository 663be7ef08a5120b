import { z } from 'zod';

/** A cluster's name as it may stand in `remote_servers` of ClickHouse's configuration, and in a statement. */
export const clusterNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/,
    'must be the name of a cluster: letters, digits, _, . and -, 64 at most',
  );
