import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpoolValue, toSpoolValue } from './spool-value.ts';

describe('a spooled value', () => {
  it('gives back key and payload as they were', () => {
    const record = fc.record({ key: fc.string({ unit: 'grapheme' }), payload: fc.uint8Array({ maxLength: 300 }) });
    fc.assert(
      fc.property(record, ({ key, payload }) => {
        const value = parseSpoolValue(toSpoolValue({ key, payload }));
        expect(value).toEqual({ kind: 'record', record: { key, payload: Buffer.from(payload) } });
      }),
    );
  });

  it('is told from one of another version, and from what is none', () => {
    const value = toSpoolValue({ key: 'prj_1:ann', payload: Buffer.from('{}') });
    const later = Buffer.from(value);
    later.writeUInt8(2, 0);
    expect(parseSpoolValue(later)).toEqual({ kind: 'unknown_version', version: 2 });
    expect(parseSpoolValue(Buffer.from('{"events":[]}'))).toEqual({ kind: 'unknown_version', version: 123 });
    for (const broken of [null, Buffer.alloc(0), value.subarray(0, 3), value.subarray(0, 9)]) {
      expect(parseSpoolValue(broken)).toEqual({ kind: 'damaged' });
    }
  });
});
