/** Bytes that grow: numbers little-endian, lengths as LEB128. Values must be of their type: nothing is checked. */
export interface ByteSink {
  uint8(value: number): void;
  uint16(value: number): void;
  uint32(value: number): void;
  /** A whole number from -2^53 to 2^53 as 64 bits. */
  int64(value: number): void;
  float32(value: number): void;
  varint(value: number): void;
  /** UTF-8 after its length in bytes; a lone surrogate becomes U+FFFD. */
  text(value: string): void;
  /** What was written so far, in the sink's own memory: right until the next write. */
  written(): Buffer;
}

/** Up to here a text is written by character: calling the encoder costs more. */
const maxByCharacter = 24;
/** The longest text whose length takes one byte, whatever its characters. */
const maxOneByteLength = 42;

/** Makes an empty sink with room for so many bytes; it doubles where they don't do. */
export function createByteSink(bytes: number): ByteSink {
  let buffer = Buffer.allocUnsafe(bytes);
  let at = 0;

  function reserve(count: number): void {
    if (at + count <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + count));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  function varint(value: number): void {
    reserve(8);
    let left = value;
    while (left >= 0x80) {
      buffer[at++] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    buffer[at++] = left;
  }

  /** False where it is not all ASCII: then nothing is written. */
  function writeAscii(value: string): boolean {
    const start = at + 1;
    for (let character = 0; character < value.length; character += 1) {
      const code = value.charCodeAt(character);
      if (code >= 0x80) return false;
      buffer[start + character] = code;
    }
    buffer[at] = value.length;
    at = start + value.length;
    return true;
  }

  return {
    uint8(value) {
      reserve(1);
      buffer[at++] = value;
    },
    uint16(value) {
      reserve(2);
      at = buffer.writeUInt16LE(value, at);
    },
    uint32(value) {
      reserve(4);
      at = buffer.writeUInt32LE(value, at);
    },
    int64(value) {
      reserve(8);
      const high = Math.floor(value / 2 ** 32);
      buffer.writeUInt32LE(value - high * 2 ** 32, at);
      at = buffer.writeInt32LE(high, at + 4);
    },
    float32(value) {
      reserve(4);
      at = buffer.writeFloatLE(value, at);
    },
    varint,
    text(value) {
      if (value.length <= maxOneByteLength) {
        reserve(1 + maxOneByteLength * 3);
        if (value.length <= maxByCharacter && writeAscii(value)) return;
        const count = buffer.write(value, at + 1);
        buffer[at] = count;
        at += 1 + count;
        return;
      }
      const count = Buffer.byteLength(value);
      varint(count);
      reserve(count);
      at += buffer.write(value, at);
    },
    written: () => buffer.subarray(0, at),
  };
}
