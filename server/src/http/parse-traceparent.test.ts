import { expect, it } from 'vitest';
import { parseTraceparent, toTraceId } from './parse-traceparent.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';

it('takes what W3C Trace Context names, of later versions too', () => {
  const plain = `00-${traceId}-${parentId}-01`;
  expect(parseTraceparent(plain)).toBe(plain);
  expect(parseTraceparent(` ${plain} `)).toBe(plain);
  expect(parseTraceparent(`cc-${traceId}-${parentId}-01-what-the-future-will-be-like`)).toBe(plain);
  expect(toTraceId(plain)).toBe(traceId);
});

it.each([
  undefined,
  '',
  'nonsense',
  `ff-${traceId}-${parentId}-01`,
  `00-${traceId}-${parentId}-01-more`,
  `00-${traceId}-${parentId}-01.`,
  `00-${'0'.repeat(32)}-${parentId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${parentId}-01`,
  `00-${traceId.slice(1)}-${parentId}-01`,
])('counts %j as not sent', (header) => {
  expect(parseTraceparent(header)).toBeNull();
});
