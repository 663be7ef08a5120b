import { expect, it } from 'vitest';
import { parseRecordValue, RECORD_HEADER_BYTES, writeRecordValue } from './record-value.ts';

it('reads back what it wrote, and refuses it when any bit is changed or its end is missing', () => {
  const block = Buffer.alloc(200, 0xee);
  const payload = Buffer.from('three clicks and a page view');
  const value = writeRecordValue(block, 50, payload, 1_772_366_400_000);
  expect(value.length).toBe(RECORD_HEADER_BYTES + payload.length);
  expect([block[49], block[50 + value.length]]).toEqual([0xee, 0xee]);
  expect(parseRecordValue(value)).toEqual({ payload, appendedAt: 1_772_366_400_000 });
  for (let bit = 0; bit < value.length * 8; bit++) {
    const changed = Buffer.from(value);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(parseRecordValue(changed)).toEqual({ payload: null, appendedAt: 0, damaged: changed });
  }
  for (let length = 0; length < value.length; length++) {
    const cut = value.subarray(0, length);
    expect(parseRecordValue(cut)).toEqual({ payload: null, appendedAt: 0, damaged: cut });
  }
});
