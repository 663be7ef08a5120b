import { measureIngest } from './measure/ingest.ts';
import type { Measurement } from './measure/measurement.ts';
import { profileBatch, profileSingle } from './measure/profile.ts';
import { measureStart } from './measure/start.ts';
import { measureSustained } from './measure/sustained.ts';
import { measureTrack } from './measure/track.ts';
import { measureVisible } from './measure/visible.ts';

/** All that is measured, by the name that `--only` takes, in the order in which it is run. */
export const measurements: Readonly<Record<string, Measurement>> = {
  ingest: measureIngest,
  sustained: measureSustained,
  visible: measureVisible,
  start: measureStart,
  track: measureTrack,
};

/** Where the time goes: run only when asked for, since a profiler slows down what it watches. */
export const profiles: Readonly<Record<string, Measurement>> = {
  'profile-single': profileSingle,
  'profile-batch': profileBatch,
};
