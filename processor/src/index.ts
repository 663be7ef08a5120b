export { type ProcessorConfig, processorConfigSchema } from './config.ts';
export { openDatacenterList } from './datacenter/open-datacenter-list.ts';
export type { GeoDatabase } from './geo/geo-database.ts';
export { openGeoDatabase } from './geo/open-geo-database.ts';
export { createProcessorMetrics, type ProcessorMetrics } from './metrics.ts';
export { type Processor, type ProcessorDeps, startProcessor } from './processor.ts';
