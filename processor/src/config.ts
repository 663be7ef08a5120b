import { kafkaConfigSchema } from '@px-platform/log';
import { logLevels, tracerConfigSchema } from '@px-platform/runtime';
import { storeConfigSchema } from '@px-platform/store';
import { z } from 'zod';

const minuteMs = 60_000;

/** Settings of the processor, from the environment. */
export const processorConfigSchema = z.object({
  BATCH_SIZE: z.coerce.number().int().min(1).max(100_000).default(10_000),
  FLUSH_INTERVAL_MS: z.coerce.number().int().min(0).max(60_000).default(500),
  SESSION_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(1_440 * minuteMs)
    .default(30 * minuteMs),
  DEDUPE_WINDOW_MS: z.coerce
    .number()
    .int()
    .min(minuteMs)
    .max(1_440 * minuteMs)
    .default(60 * minuteMs),
  DEDUPE_MAX_IDS: z.coerce.number().int().min(1_000).max(50_000_000).default(5_000_000),
  ROLLUP_INTERVAL_MS: z.coerce.number().int().min(100).max(86_400_000).default(60_000),
  JOINS_INTERVAL_MS: z.coerce.number().int().min(100).max(86_400_000).default(15_000),
  DATACENTER_DB: z.string().optional(),
  GEOIP_DB: z.string().optional(),
  GEOIP_DB_CHECK_INTERVAL_MS: z.coerce.number().int().min(100).max(86_400_000).default(30_000),
});

/** The settings once parsed; units stand in their names and in `.env.example`. */
export type ProcessorConfig = z.infer<typeof processorConfigSchema>;

/** Settings of a processor in a process of its own: one of a group that reads Kafka. */
export const processorProcessConfigSchema = z.object({
  ...processorConfigSchema.shape,
  ...kafkaConfigSchema.shape,
  ...storeConfigSchema.shape,
  ...tracerConfigSchema.shape,
  HOST: z.string().default('0.0.0.0'),
  PROCESSOR_PORT: z.coerce.number().int().min(0).max(65_535).default(8001),
  DRAIN_TIMEOUT_MS: z.coerce.number().int().min(0).max(600_000).default(8_000),
  LOG_LEVEL: z.enum(logLevels).default('info'),
});

/** Gives the environment: here and in the other `config.ts` files alone is it read. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
