import { kafkaConfigSchema, spoolConfigSchema } from '@px-platform/log';
import { logLevels, tracerConfigSchema } from '@px-platform/runtime';
import { storeConfigSchema } from '@px-platform/store';
import { z } from 'zod';

const gib = 1024 ** 3;

/** Settings of the standalone process beside those of the server and the processor, from the environment. */
export const standaloneConfigSchema = z.object({
  DATA_DIR: z.string().default('.px'),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  PX_ADMIN_TOKEN: z.string().min(16, 'needs 16 characters or more').optional(),
  WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  PROCESSOR_NICENESS: z.coerce.number().int().min(0).max(19).default(10),
  PX_DEMO: z.enum(['on', 'off']).default('on'),
  LOG_PARTITIONS: z.coerce.number().int().min(1).max(64).default(1),
  LOG_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(4_096)
    .default(4 * gib),
  AUDIT_LOG_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(4_096)
    .default(gib / 4),
  LOG_MIN_FREE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(gib / 4),
  DRAIN_TIMEOUT_MS: z.coerce.number().int().min(0).max(600_000).default(8_000),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  ...storeConfigSchema.shape,
  ...kafkaConfigSchema.shape,
  ...spoolConfigSchema.shape,
  ...tracerConfigSchema.shape,
});

/** Gives the environment: here and in the other `config.ts` files alone is it read. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
