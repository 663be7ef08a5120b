import { measureIngest } from './measure/ingest.ts';
import type { Measurement } from './measure/measurement.ts';
import { measureOverload } from './measure/overload.ts';
import { profileBatch, profileSingle } from './measure/profile.ts';
import { measureSdkBricks } from './measure/sdk/bricks.ts';
import { measureSdkAlone, measureSdkCost } from './measure/sdk/cost.ts';
import { measureSdkGzip } from './measure/sdk/gzip.ts';
import { profileSdk } from './measure/sdk/profile.ts';
import { measureSdkSize } from './measure/sdk/size.ts';
import { measureSdkWire } from './measure/sdk/wire.ts';
import { measureStart } from './measure/start.ts';
import { measureSustained } from './measure/sustained.ts';
import { measureTrack } from './measure/track.ts';
import { measureVisible } from './measure/visible.ts';

/** Measurements that belong to one part of docs/benchmarks.md, in the order in which they are run. */
export type Group = Readonly<Record<string, Measurement>>;

/** What is measured together, by the name that `npm run bench -- <name>` takes. */
export const groups: Readonly<Record<'server' | 'sdk', Group>> = {
  server: {
    ingest: measureIngest,
    sustained: measureSustained,
    overload: measureOverload,
    visible: measureVisible,
    start: measureStart,
    track: measureTrack,
  },
  sdk: {
    'sdk-size': measureSdkSize,
    'sdk-cost': measureSdkCost,
    'sdk-wire': measureSdkWire,
    'sdk-gzip': measureSdkGzip,
    'sdk-bricks': measureSdkBricks,
  },
};

/** Run only when asked for by name: where the time goes, since a profiler slows down what it watches, and the SDK without others. */
export const extras: Group = {
  'profile-single': profileSingle,
  'profile-batch': profileBatch,
  'profile-sdk': profileSdk,
  'sdk-alone': measureSdkAlone,
};
