import { describe, expect, it } from 'vitest';
import { toPartition } from '../partition.ts';
import { toEntry, toMessage } from './record-message.ts';

const payload = Buffer.from('three clicks');
const fetched = { ...toMessage({ key: 'person', payload }, 1_700_000_000_000), position: 7 };

describe('a message', () => {
  it('gives back the record that it was made of', () => {
    const count = 12;
    const partition = toPartition('person', count);
    const entry = toEntry(partition, count, fetched);
    expect(entry).toEqual({ partition, position: 7, payload, appendedAt: 1_700_000_000_000, partitionCount: count });
  });

  it.each([
    ['was sent when there were fewer partitions', fetched],
    ['has no key', { ...fetched, key: null }],
  ])('that %s says not among how many its person has this one', (_, message) => {
    const elsewhere = (toPartition('person', 12) + 1) % 12;
    expect(toEntry(elsewhere, 12, message)).not.toHaveProperty('partitionCount');
  });

  it.each([
    ['without our header', { ...fetched, headers: new Map() }],
    ['of a later version', { ...fetched, headers: new Map([['px-record', '2']]) }],
  ])('%s has its bytes and no payload', (_, message) => {
    expect(toEntry(3, 12, message)).toEqual({
      partition: 3,
      position: 7,
      payload: null,
      appendedAt: 0,
      damaged: payload,
    });
  });

  it('without a value has nothing', () => {
    const entry = toEntry(3, 12, { ...fetched, value: null });
    expect(entry).toEqual({ partition: 3, position: 7, payload: null, appendedAt: 0, damaged: new Uint8Array() });
  });
});
