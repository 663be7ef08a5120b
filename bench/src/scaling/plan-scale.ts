import type { ScaleFigures } from './read-figures.ts';

/** What is not measured, and so is assumed: each by its name, to be put right by who knows better. */
export interface ScaleAssumptions {
  /** Share of a core that is planned with: at half load p99 is still small, and one of two may go. */
  readonly utilization01: number;
  readonly replicas: number;
  readonly kafkaReplication: number;
  readonly kafkaRetentionDays: number;
  readonly minPartitions: number;
  /** Inserts a second into one table of one shard, which follow each other: each some rounds to Keeper. */
  readonly insertsASecond: number;
  readonly minFlushMs: number;
  readonly maxBatchEvents: number;
  readonly nodeCores: number;
  /** Of rows; a third of the disk stays free for merges. */
  readonly nodeBytes: number;
  readonly freeDisk01: number;
  /** A request's headers, beside its body. */
  readonly headerBytes: number;
  readonly redisCommandsARequest: number;
  readonly redisCommandsASecond: number;
  /** Keys that send at a time; a server looks one up every 4 s. */
  readonly keys: number;
  readonly keyLookupMs: number;
  readonly dedupeMaxIds: number;
  readonly dedupeWindowSeconds: number;
  /** A processor that starts reads the sessions of so many days: those of yesterday and today. */
  readonly sessionDays: number;
  readonly eventsASession: number;
}

export const assumptions: ScaleAssumptions = {
  utilization01: 0.5,
  replicas: 3,
  kafkaReplication: 3,
  kafkaRetentionDays: 7,
  minPartitions: 12,
  insertsASecond: 20,
  minFlushMs: 500,
  maxBatchEvents: 100_000,
  nodeCores: 16,
  nodeBytes: 8e12,
  freeDisk01: 1 / 3,
  headerBytes: 600,
  redisCommandsARequest: 2,
  redisCommandsASecond: 100_000,
  keys: 1_000,
  keyLookupMs: 4_000,
  dedupeMaxIds: 5_000_000,
  dedupeWindowSeconds: 3_600,
  sessionDays: 2,
  eventsASession: 10,
};

/** What a rate of events needs: cores are planned at `utilization01`, bytes a second are as sent. */
export interface ScalePlan {
  readonly requestsASecond: number;
  readonly serverCores: number;
  readonly processors: number;
  readonly partitions: number;
  readonly flushMs: number;
  readonly batchEvents: number;
  /** Of one replica of all shards. */
  readonly storeCores: number;
  /** By days of retention: rows of one replica of all shards, shards, and disks of all replicas. */
  readonly kept: readonly { days: number; replicaBytes: number; shards: number; nodes: number; diskBytes: number }[];
  readonly monthBytes: number;
  readonly kafkaDiskBytes: number;
  readonly fromBrowsers: number;
  readonly intoBrokers: number;
  readonly outOfBrokers: number;
  readonly intoStore: number;
  readonly betweenReplicas: number;
  readonly redisCores: number;
  readonly keyLookups: number;
  readonly dedupeMinutes: number;
  /** What each processor reads before its first batch: its share. */
  readonly warmIds: number;
  readonly warmSessions: number;
}

const daySeconds = 86_400;
const usASecond = 1_000_000;

/** Works out what `rate` events a second need. Never throws. */
export function planScale(
  rate: number,
  figures: ScaleFigures,
  assumed: ScaleAssumptions,
  days: readonly number[],
): ScalePlan {
  const toCores = (cpuUsASecond: number): number => cpuUsASecond / usASecond / assumed.utilization01;
  const requestsASecond = rate / figures.eventsARecord;
  const { ofOne, ofTen } = figures.requestCpuUs;
  const requestCpuUs = ofOne + ((ofTen - ofOne) * (figures.eventsARecord - 1)) / 9;
  const serverCores = toCores(requestsASecond * requestCpuUs);
  // One that goes leaves its share to the others.
  const processors = Math.max(2, Math.ceil(toCores(rate * figures.processorCpuUs)));
  const partitions = Math.ceil((2 * processors) / assumed.minPartitions) * assumed.minPartitions;
  // Each partition's batch is one insert into every shard.
  const flushMs = Math.max(assumed.minFlushMs, Math.ceil((partitions / assumed.insertsASecond) * 1_000));
  const batchEvents = Math.min(assumed.maxBatchEvents, Math.round((rate * flushMs) / 1_000 / partitions));
  const storeCpuUs = batchEvents < 10_000 ? figures.storeCpuUs.ofThousand : figures.storeCpuUs.ofTenThousand;
  const storeCores = toCores(rate * storeCpuUs);
  const storedBytes = figures.eventBytes + figures.sessionBytes;
  const kept = days.map((retention) => {
    const replicaBytes = rate * daySeconds * retention * storedBytes;
    const shards = Math.max(Math.ceil(storeCores / assumed.nodeCores), Math.ceil(replicaBytes / assumed.nodeBytes));
    const diskBytes = (replicaBytes * assumed.replicas) / (1 - assumed.freeDisk01);
    return { days: retention, replicaBytes, shards, nodes: shards * assumed.replicas, diskBytes };
  });
  const logBytes = rate * figures.recordBytesAnEvent;
  return {
    requestsASecond,
    serverCores,
    processors,
    partitions,
    flushMs,
    batchEvents,
    storeCores,
    kept,
    monthBytes: rate * daySeconds * 30 * storedBytes * assumed.replicas,
    kafkaDiskBytes: logBytes * daySeconds * assumed.kafkaRetentionDays * assumed.kafkaReplication,
    fromBrowsers: rate * figures.bodyBytes + requestsASecond * assumed.headerBytes,
    intoBrokers: logBytes * assumed.kafkaReplication,
    outOfBrokers: logBytes,
    intoStore: rate * figures.rowBytes,
    betweenReplicas: rate * storedBytes * (assumed.replicas - 1),
    redisCores: (requestsASecond * assumed.redisCommandsARequest) / assumed.redisCommandsASecond,
    keyLookups: (assumed.keys * Math.ceil(serverCores)) / (assumed.keyLookupMs / 1_000),
    dedupeMinutes: (assumed.dedupeMaxIds * processors) / rate / 60,
    warmIds: (rate * assumed.dedupeWindowSeconds) / processors,
    warmSessions: (rate * daySeconds * assumed.sessionDays) / assumed.eventsASession / processors,
  };
}
