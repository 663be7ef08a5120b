import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes a quarter of a minute or more, longest first: begun last, one of these would leave a core idle until it ends. */
const long = [
  'infra/log/src/kafka-platformatic.test.ts',
  'infra/store/src/open-server.test.ts',
  'infra/log/src/kafka-faults.test.ts',
  'infra/store/src/open-embedded.test.ts',
  'processor/src/kafka-processors-platformatic.test.ts',
  'infra/log/src/kafka-group.test.ts',
  'processor/src/kafka-processors.test.ts',
  'server/test/openapi/exercise.test.ts',
  'infra/store/src/rollups/rollups-interleaved.test.ts',
  'infra/store/src/rollups/rollups-property.test.ts',
  'server/src/provision/main.test.ts',
  'infra/store/src/identity/identity.test.ts',
  'processor/test/real-engine/odd-numbers.test.ts',
  'standalone/src/processor-process/start-processor-process.test.ts',
  'infra/store/src/purge/purge.test.ts',
  'infra/log/src/kafka.test.ts',
  'infra/control/src/pglite-kill.test.ts',
  'infra/log/src/spool/spool-over-kafka.test.ts',
  'infra/log/src/kafka-trouble.test.ts',
  'infra/log/test/kafka/start-kafka.test.ts',
  'e2e/images/images.test.ts',
  'e2e/faults/exactly-once.test.ts',
  'e2e/chaos/chaos.test.ts',
  'e2e/chaos/cut-off.test.ts',
  'e2e/faults/trouble.test.ts',
  'e2e/sdk/hostile-pages/broken-browsers.test.ts',
  'e2e/sdk/delivery/queue.test.ts',
  'e2e/sdk/delivery.test.ts',
  'e2e/privacy/purge-late-insert.test.ts',
  'e2e/faults/disk.test.ts',
  'e2e/chaos/standalone-on-kafka.test.ts',
  'e2e/react/next.test.ts',
  'e2e/workers/workers.test.ts',
  'e2e/demo/demo-site.test.ts',
  'e2e/traces/traces.test.ts',
  'e2e/faults/store-trouble.test.ts',
  'e2e/chaos/start-without-services.test.ts',
];

/** Begins the longest files first, the others in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => toRank(one) - toRank(other));
  }
}

function toRank({ moduleId }: TestSpecification): number {
  const rank = long.findIndex((file) => moduleId.endsWith(file));
  return rank === -1 ? long.length : rank;
}
