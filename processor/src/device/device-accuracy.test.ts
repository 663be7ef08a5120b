import { expect, test } from 'vitest';
import { measureAccuracy, toAccuracyLines } from '../../test/labelled/measure-accuracy.ts';
import { readLabelled } from '../../test/labelled/read-labelled.ts';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import { createDeviceStage } from '../stages/device.ts';

/** Least percentage of labelled cases for each field; what it lacks to 100 is listed by the test. */
const floors = {
  browser: 99,
  browser_version: 99,
  engine: 99,
  os: 99,
  os_version: 99,
  device: 99,
  device_brand: 98.5,
  device_model: 98.5,
  bot_signal: 99.5,
};

test('tells browser, system, device and robots of labelled user agents', () => {
  const cases = readLabelled('devices');
  const stage = createDeviceStage();
  const accuracy = measureAccuracy({
    cases,
    fields: Object.keys(floors),
    countsEmpty: (field) => field === 'bot_signal',
    answer: ({ user_agent = '', hints = '' }) => {
      const given: Record<string, string> = hints === '' ? {} : JSON.parse(hints);
      const isHeader = Object.keys(given).some((name) => name.startsWith('sec-ch-ua'));
      const event = isHeader
        ? { record: { user_agent, client_hints: given } }
        : { record: { user_agent }, context: { client_hints: given } };
      return { ...toRow(stage.run(makePipelineEvent(event))) };
    },
    nameOf: ({ user_agent = '', hints = '' }) => `${user_agent} ${hints}`,
  });
  process.stdout.write(toAccuracyLines('device', accuracy));
  expect(cases.length).toBeGreaterThan(200);
  for (const [field, floor] of Object.entries(floors)) {
    expect(accuracy[field]?.percent, field).toBeGreaterThanOrEqual(floor);
  }
});
