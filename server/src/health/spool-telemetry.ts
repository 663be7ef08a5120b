import type { SpoolTelemetry } from '@px-platform/log';
import type { Logger } from '@px-platform/runtime';
import type { ServerMetrics } from '../metrics.ts';

/** Counts what the spool of a topic does, and tells the log what an operator must hear of: once for an outage, and for each record that the log did not take. */
export function createSpoolTelemetry(topic: string, metrics: ServerMetrics, logger: Logger): SpoolTelemetry {
  return {
    left: ({ cause }) => logger.warn({ topic, err: cause }, 'the log is away: events go to the spool'),
    returned: () => logger.info({ topic }, 'the spool is drained: events go to the log again'),
    spooled: ({ records }) => metrics.spoolRecords(topic, 'spooled', records),
    drained: ({ records }) => metrics.spoolRecords(topic, 'drained', records),
    drainFailed({ error }) {
      metrics.spoolDrainFailed(topic);
      logger.warn({ topic, err: error }, 'the spool was not drained; it is tried again');
    },
    setAside({ bytes, error }) {
      metrics.spoolRecords(topic, 'set_aside', 1);
      logger.error({ topic, bytes, err: error }, 'a record is kept aside: the log refuses it for itself');
    },
    damaged({ position, bytes }) {
      metrics.spoolRecords(topic, 'damaged', 1);
      logger.error({ topic, position, bytes }, 'a spooled record is damaged: its bytes go to the dead letters');
    },
  };
}
