import { measureFlood } from './measure/ingest/flood.ts';
import { measureHalfLoad } from './measure/ingest/half-load.ts';
import { measureOverload } from './measure/ingest/overload.ts';
import { measureIngest } from './measure/ingest/requests.ts';
import { measureWays } from './measure/ingest/ways.ts';
import { measureKafkaClients } from './measure/kafka/clients.ts';
import { measureKafkaFresh } from './measure/kafka/fresh.ts';
import { measureKafkaIdle } from './measure/kafka/idle.ts';
import { measureKafkaIngest } from './measure/kafka/ingest.ts';
import { measureKafkaPipeline } from './measure/kafka/pipeline.ts';
import { profileKafka } from './measure/kafka/profile.ts';
import { measureKafkaSpool } from './measure/kafka/spool-drain.ts';
import type { Measurement } from './measure/measurement.ts';
import { measureFresh } from './measure/pipeline/fresh.ts';
import { measurePipeline } from './measure/pipeline/pipeline.ts';
import { profileBatch, profileSingle } from './measure/profile.ts';
import { measureQuery } from './measure/query/query.ts';
import { measureSdkBricks } from './measure/sdk/bricks.ts';
import { measureSdkAlone, measureSdkCost } from './measure/sdk/cost.ts';
import { measureSdkGzip } from './measure/sdk/gzip.ts';
import { profileSdk } from './measure/sdk/profile.ts';
import { measureSdkSize } from './measure/sdk/size.ts';
import { measureSdkWire } from './measure/sdk/wire.ts';
import { measureSpool } from './measure/spool.ts';
import { measureStart } from './measure/start.ts';
import { measureSustained } from './measure/sustained.ts';
import { measureTrack } from './measure/track.ts';
import { measureVisible } from './measure/visible.ts';
import { tellScaling } from './scaling/tell-scaling.ts';

/** Measurements that belong to one part of docs/benchmarks.md, in the order in which they are run. */
export type Group = Readonly<Record<string, Measurement>>;

/** What is measured together, by the name that `npm run bench -- <name>` takes. */
export const groups: Readonly<Record<'ingest' | 'server' | 'pipeline' | 'query' | 'kafka' | 'sdk', Group>> = {
  ingest: {
    requests: measureIngest,
    ways: measureWays,
    'half-load': measureHalfLoad,
    flood: measureFlood,
    overload: measureOverload,
  },
  server: {
    sustained: measureSustained,
    visible: measureVisible,
    start: measureStart,
    track: measureTrack,
  },
  query: {
    query: measureQuery,
  },
  pipeline: {
    'log-to-store': measurePipeline,
    fresh: measureFresh,
  },
  kafka: {
    'kafka-ingest': measureKafkaIngest,
    'kafka-pipeline': measureKafkaPipeline,
    'kafka-fresh': measureKafkaFresh,
    'kafka-idle': measureKafkaIdle,
    'kafka-spool': measureKafkaSpool,
    'kafka-clients': measureKafkaClients,
  },
  sdk: {
    'sdk-size': measureSdkSize,
    'sdk-cost': measureSdkCost,
    'sdk-wire': measureSdkWire,
    'sdk-gzip': measureSdkGzip,
    'sdk-bricks': measureSdkBricks,
  },
};

/** Run only when asked for by name: where the time goes, since a profiler slows down what it watches, the SDK without others, and the spool; `scaling` only reckons. */
export const extras: Group = {
  'profile-single': profileSingle,
  'profile-batch': profileBatch,
  'profile-kafka': profileKafka,
  'profile-sdk': profileSdk,
  'sdk-alone': measureSdkAlone,
  spool: measureSpool,
  scaling: tellScaling,
};
