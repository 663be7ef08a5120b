import type { Broker } from 'kafkajs';

const metadataKey = 3;
/** The first version of Metadata that tells ids is 10; every broker from 2.8 on takes 12, which kafkajs does not speak. */
const version = 12;
const nullId = Buffer.alloc(16);

interface Connections {
  send(request: {
    request: {
      apiKey: number;
      apiVersion: number;
      apiName: string;
      encode: () => Promise<{ buf: Buffer; buffer: Buffer }>;
    };
    response: {
      decode: (payload: Buffer) => Promise<{ id: string | null }>;
      parse: (decoded: { id: string | null }) => Promise<unknown>;
    };
  }): Promise<unknown>;
}

/** Gives the UUID of a topic, or null where there is no such topic: asked in a request of our own over kafkajs's connection. */
export async function fetchTopicId(broker: Broker, topic: string): Promise<string | null> {
  const { connectionPool } = broker as Broker & { readonly connectionPool: Connections };
  const id = await connectionPool.send({
    request: {
      apiKey: metadataKey,
      apiVersion: version,
      apiName: 'Metadata',
      encode: async () => encodeQuestion(topic),
    },
    response: { decode: async (payload) => ({ id: decodeAnswer(payload) }), parse: async ({ id: found }) => found },
  });
  return typeof id === 'string' ? id : null;
}

/**
 * Metadata request, version 12: tags of the header, then [topic id, name, tags], allow_auto_topic_creation,
 * include_topic_authorized_operations, tags. Lists and texts are as long as their number less one.
 */
function encodeQuestion(topic: string): { buf: Buffer; buffer: Buffer } {
  const name = Buffer.from(topic);
  const buffer = Buffer.concat([
    Buffer.from([0]),
    Buffer.from([2]),
    nullId,
    encodeVarint(name.length + 1),
    name,
    Buffer.from([0, 0, 0, 0]),
  ]);
  return { buf: buffer, buffer };
}

/** Metadata response, version 12: tags of the header, throttle_time_ms, brokers, cluster_id, controller_id, topics. */
function decodeAnswer(payload: Buffer): string | null {
  const reader = createReader(payload);
  reader.skipTags();
  reader.skip(4);
  const brokers = reader.varint() - 1;
  for (let broker = 0; broker < brokers; broker++) {
    reader.skip(4);
    reader.skip(reader.varint() - 1);
    reader.skip(4);
    reader.skip(Math.max(0, reader.varint() - 1));
    reader.skipTags();
  }
  reader.skip(Math.max(0, reader.varint() - 1));
  reader.skip(4);
  if (reader.varint() - 1 < 1) return null;
  // An error is told without an id where there is no such topic, or none for this user.
  reader.skip(2);
  reader.skip(Math.max(0, reader.varint() - 1));
  const id = reader.bytes(16);
  return id.equals(nullId) ? null : toUuid(id);
}

function createReader(payload: Buffer) {
  let at = 0;
  const bytes = (count: number): Buffer => {
    at += count;
    return payload.subarray(at - count, at);
  };
  const varint = (): number => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = payload.readUInt8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
      shift += 7;
    }
  };
  return {
    bytes,
    varint,
    skip: (count: number): void => void bytes(count),
    skipTags: (): void => {
      for (let left = varint(); left > 0; left--) {
        varint();
        bytes(varint());
      }
    },
  };
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  while (left >= 0x80) {
    bytes.push((left & 0x7f) | 0x80);
    left >>>= 7;
  }
  return Buffer.from([...bytes, left]);
}

function toUuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
