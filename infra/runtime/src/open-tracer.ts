import type { Tracer, TracerSettings, TracerTelemetry } from './tracer.ts';

/** Opens the tracer, or gives null where there is nowhere to send to: then OpenTelemetry's libraries are not even loaded. */
export async function openTracer(settings: TracerSettings | null, telemetry: TracerTelemetry): Promise<Tracer | null> {
  if (settings === null) return null;
  const { createOtlpTracer } = await import('./otlp-tracer.ts');
  return createOtlpTracer(settings, telemetry);
}
