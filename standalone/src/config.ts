import { resolve } from 'node:path';
import { AppError, samplers, type TracerSettings } from '@px-platform/runtime';
import { clusterNameSchema } from '@px-platform/store';
import { z } from 'zod';
import type { StorePlace } from './processor-process/process-start.ts';

const gib = 1024 ** 3;

/** What a later version will take; set now, it would be passed over in silence, so a start refuses it. */
const notYet = z
  .undefined({ error: 'is not supported by this version, which runs embedded: leave it empty' })
  .optional();

/** Settings of the standalone process beside those of the server and the processor, from the environment. */
export const standaloneConfigSchema = z.object({
  DATA_DIR: z.string().default('.px'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
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
  CLICKHOUSE_URL: z.url().optional(),
  CLICKHOUSE_CLUSTER: clusterNameSchema.optional(),
  KAFKA_BOOTSTRAP_SERVERS: notYet,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().default(''),
  OTEL_SERVICE_NAME: z.string().default('px'),
  OTEL_TRACES_SAMPLER: z.enum(samplers).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
});

/** Gives where the store is. Throws `config_invalid` where a cluster is named and none of its nodes. */
export function toStorePlace(config: z.infer<typeof standaloneConfigSchema>): StorePlace {
  const { CLICKHOUSE_URL: url, CLICKHOUSE_CLUSTER: cluster = null } = config;
  if (url !== undefined) return { kind: 'server', url, cluster };
  if (cluster === null) return { kind: 'embedded', path: resolve(config.DATA_DIR, 'store') };
  throw new AppError(
    'config_invalid',
    'CLICKHOUSE_CLUSTER is set and CLICKHOUSE_URL is not: set it to the URL of one node, or of the balancer before them',
  );
}

/** Gives where spans go, or null where nobody takes them. */
export function toTracerSettings(config: z.infer<typeof standaloneConfigSchema>): TracerSettings | null {
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null;
  return {
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS,
    serviceName: config.OTEL_SERVICE_NAME,
    sampler: config.OTEL_TRACES_SAMPLER,
    sampleRate01: config.OTEL_TRACES_SAMPLER_ARG,
  };
}

/** Gives the environment: here and in the other `config.ts` files alone is it read. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
