import { z } from 'zod';
import { samplers, type TracerSettings } from './tracer.ts';

/** Settings of traces, from the environment; their names are OpenTelemetry's own. */
export const tracerConfigSchema = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().default(''),
  OTEL_SERVICE_NAME: z.string().default('px'),
  OTEL_TRACES_SAMPLER: z.enum(samplers).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
});

/** Gives where spans go, or null where nobody takes them. */
export function toTracerSettings(config: z.infer<typeof tracerConfigSchema>): TracerSettings | null {
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null;
  return {
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS,
    serviceName: config.OTEL_SERVICE_NAME,
    sampler: config.OTEL_TRACES_SAMPLER,
    sampleRate01: config.OTEL_TRACES_SAMPLER_ARG,
  };
}
