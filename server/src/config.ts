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
});

/** The settings once parsed; units stand in their names and in `.env.example`. */
export type ServerConfig = z.infer<typeof serverConfigSchema>;
