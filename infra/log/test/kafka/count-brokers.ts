import { connect } from 'node:net';

const timeoutMs = 2_000;
/** A Metadata request, version 1, for no topic: length, key 3, version 1, correlation 7, no client id, empty list. */
const question = Buffer.from([0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 7, 255, 255, 0, 0, 0, 0]);
const answerHeadBytes = 12;

/**
 * Gives how many brokers the one at this `host:port` knows of; 0 while it does not answer. Speaks Kafka's protocol by itself, so that
 * it leans on neither client. Never throws.
 */
export function countBrokers(address: string): Promise<number> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host: host ?? '', port: Number(port), timeout: timeoutMs });
    let answer = Buffer.alloc(0);
    const end = (brokers: number): void => {
      socket.destroy();
      resolve(brokers);
    };
    socket.on('connect', () => socket.write(question));
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      // Length, correlation, then the list of brokers, its count first.
      if (answer.length >= answerHeadBytes) end(answer.readInt32BE(8));
    });
    socket.on('timeout', () => end(0));
    socket.on('error', () => end(0));
    socket.on('close', () => end(0));
  });
}
