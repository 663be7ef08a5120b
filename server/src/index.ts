export { createApp, type Running } from './app.ts';
export { type ServerConfig, serverConfigSchema } from './config.ts';
export { createMetricsText } from './health/metrics-text.ts';
export { createMemoryCounters, type RateCounters } from './limits/rate-counters.ts';
export { openRedisCounters } from './limits/redis-counters.ts';
export { type Listening, listen } from './listen.ts';
export { createServerMetrics, type MetricsData, type ServerMetrics } from './metrics.ts';
export { readSdkFiles, type SdkFile, type SdkFiles } from './sdk/read-sdk-files.ts';
export type { DemoSite, ServerDeps } from './server-deps.ts';
