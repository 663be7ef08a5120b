import { describe, expect, it } from 'vitest';
import { toEntry, toMessage } from './record-message.ts';

const payload = Buffer.from('three clicks');
const fetched = { ...toMessage({ key: 'person', payload }, 1_700_000_000_000), position: 7 };

describe('a message', () => {
  it('gives back the record that it was made of', () => {
    expect(toEntry(3, fetched)).toEqual({ partition: 3, position: 7, payload, appendedAt: 1_700_000_000_000 });
  });

  it.each([
    ['without our header', { ...fetched, headers: new Map() }],
    ['of a later version', { ...fetched, headers: new Map([['px-record', '2']]) }],
  ])('%s has its bytes and no payload', (_, message) => {
    expect(toEntry(3, message)).toEqual({ partition: 3, position: 7, payload: null, appendedAt: 0, damaged: payload });
  });

  it('without a value has nothing', () => {
    const entry = toEntry(3, { ...fetched, value: null });
    expect(entry).toEqual({ partition: 3, position: 7, payload: null, appendedAt: 0, damaged: new Uint8Array() });
  });
});
