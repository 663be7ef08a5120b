import { z } from 'zod';

/** Settings of the spool beside a log that may be away, from the environment. */
export const spoolConfigSchema = z.object({
  SPOOL_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(4_096)
    .default(1024 ** 3),
});
