import type { Tracer } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import { makePipelineEvent } from '../test/pipeline-event.ts';
import { traceBatch } from './trace-batch.ts';

const traceparent = (sampled: boolean) => `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0${sampled ? 1 : 0}`;

function open() {
  const told: string[] = [];
  let spans = 0;
  const tracer: Tracer = {
    startSpan(name, { parent }) {
      spans += 1;
      const id = `span ${spans}`;
      told.push(`${id} begins: ${name} under ${parent}`);
      return {
        traceparent: id,
        end: (how) => told.push(`${id} ends ${how?.facts?.['db.operation.batch.size'] ?? ''}`.trim()),
      };
    },
    close: async () => undefined,
  };
  return { told, tracer };
}

it('makes a span of each traced record, over the insert, once however many events it has', () => {
  const { told, tracer } = open();
  const sampled = makePipelineEvent({ record: { traceparent: traceparent(true) } });
  const events = [
    sampled,
    { ...sampled },
    makePipelineEvent({ record: { traceparent: traceparent(false) } }),
    makePipelineEvent(),
  ];
  const trace = traceBatch(events, { topic: 'events', tracer, onUntraced: () => undefined });
  trace.inserting();
  trace.inserting();
  trace.inserted(4);
  trace.committed();
  expect(told).toEqual([
    `span 1 begins: process events under ${traceparent(true)}`,
    'span 2 begins: INSERT events under span 1',
    'span 2 ends 4',
    'span 1 ends',
  ]);
});

it('names its spans for the topic', () => {
  const { told, tracer } = open();
  const sampled = makePipelineEvent({ record: { traceparent: traceparent(true) } });
  traceBatch([sampled], { topic: 'audit_events', tracer, onUntraced: () => undefined }).inserting();
  expect(told).toEqual([
    `span 1 begins: process audit_events under ${traceparent(true)}`,
    'span 2 begins: INSERT audit_events under span 1',
  ]);
});

it('traces two hundred records of a batch, and tells how many more there were', () => {
  const { told, tracer } = open();
  const untraced: number[] = [];
  const events = Array.from({ length: 250 }, () => makePipelineEvent({ record: { traceparent: traceparent(true) } }));
  traceBatch(events, { topic: 'events', tracer, onUntraced: (records) => untraced.push(records) });
  expect(told).toHaveLength(200);
  expect(untraced).toEqual([50]);
});

it('does nothing without a tracer', () => {
  const trace = traceBatch([makePipelineEvent()], {
    topic: 'events',
    tracer: null,
    onUntraced: () => expect.unreachable(),
  });
  trace.inserting();
  trace.inserted(1);
  trace.committed();
});
