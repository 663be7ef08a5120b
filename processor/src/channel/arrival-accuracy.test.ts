import { expect, test } from 'vitest';
import { measureAccuracy, toAccuracyLines } from '../../test/labelled/measure-accuracy.ts';
import { readLabelled } from '../../test/labelled/read-labelled.ts';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import { createChannelStage } from '../stages/channel.ts';

/** Least percentage of labelled cases for each field; what it lacks to 100 is listed by the test. */
const floors = { channel: 99.5, source: 99.5, medium: 99.5 };

test('tells channel, source and medium of labelled arrivals', () => {
  const cases = readLabelled('arrivals');
  const stage = createChannelStage();
  const accuracy = measureAccuracy({
    cases,
    fields: Object.keys(floors),
    countsEmpty: () => true,
    answer: ({ url = '', referrer = '' }) => ({
      ...toRow(stage.run(makePipelineEvent({ context: { page: { url, referrer } } }))),
    }),
    nameOf: ({ url = '', referrer = '' }) => `${url} from ${referrer}`,
  });
  process.stdout.write(toAccuracyLines('arrival', accuracy));
  expect(cases.length).toBeGreaterThan(200);
  for (const [field, floor] of Object.entries(floors)) {
    expect(accuracy[field]?.percent, field).toBeGreaterThanOrEqual(floor);
  }
});
