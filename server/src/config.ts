import { kafkaConfigSchema, spoolConfigSchema } from '@px-platform/log';
import { logLevels, tracerConfigSchema } from '@px-platform/runtime';
import { storeConfigSchema } from '@px-platform/store';
import { z } from 'zod';

/** Settings of the server, from the environment. */
export const serverConfigSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8000),
  HOST: z.string().default('0.0.0.0'),
  TRUST_PROXY: z.string().default('loopback'),
  REQUEST_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(30_000),
  INGEST_MAX_IN_FLIGHT: z.coerce.number().int().min(64).max(100_000).default(4_000),
  INGEST_MAX_IN_FLIGHT_BYTES: z.coerce
    .number()
    .int()
    .min(1024 ** 2)
    .default(64 * 1024 ** 2),
  INGEST_MAX_WAIT_MS: z.coerce.number().int().min(1).max(60_000).default(100),
  HEADERS_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(15_000),
  // Longer than the 60 s that load balancers keep an idle connection, so that they close it and not we.
  KEEP_ALIVE_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(65_000),
  MAX_CONNECTIONS: z.coerce.number().int().min(10).max(1_000_000).default(10_000),
});

/** The settings once parsed; units stand in their names and in `.env.example`. */
export type ServerConfig = z.infer<typeof serverConfigSchema>;

/** Settings of a server in a process of its own: one of any number that write to Kafka. */
export const serverProcessConfigSchema = z.object({
  ...serverConfigSchema.shape,
  ...kafkaConfigSchema.shape,
  ...storeConfigSchema.shape,
  ...spoolConfigSchema.shape,
  ...tracerConfigSchema.shape,
  DATA_DIR: z.string().default('.px'),
  LOG_MIN_FREE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(1024 ** 3 / 4),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  PX_ADMIN_TOKEN: z.string().min(16, 'needs 16 characters or more').optional(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
});

/** Gives the environment: here and in the other `config.ts` files alone is it read. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
