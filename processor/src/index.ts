export { type ProcessorConfig, processorConfigSchema } from './config.ts';
export type { GeoDatabase } from './geo/geo-database.ts';
export { openGeoDatabase } from './geo/open-geo-database.ts';
export { createProcessorMetrics, type ProcessorMetrics } from './metrics.ts';
export { openLogs } from './open-logs.ts';
export { openProcessor, type ProcessorSettings } from './open-processor.ts';
export { type Processor, startProcessor } from './processor.ts';
export { createReplicaTelemetry } from './replica-telemetry.ts';
export { tellDifferences } from './tell-differences.ts';
