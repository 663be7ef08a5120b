import { measureIngest } from './measure/ingest.ts';
import type { Measurement } from './measure/measurement.ts';
import { measureSustained } from './measure/sustained.ts';
import { measureTrack } from './measure/track.ts';
import { measureVisible } from './measure/visible.ts';

/** All that is measured, by the name that `--only` takes, in the order in which it is run. */
export const measurements: Readonly<Record<string, Measurement>> = {
  ingest: measureIngest,
  sustained: measureSustained,
  visible: measureVisible,
  track: measureTrack,
};
