import { type ConnectionOptions, connect } from 'node:tls';
import { untrustedCodes } from '../failure-kinds.ts';
import { KafkaFailure } from '../kafka-failure.ts';

/** A broker that refuses a certificate says so at once, though after the handshake, as TLS 1.3 has it. */
const answerMs = 1_000;

/**
 * Asks a broker (`host:port`) whether it refuses our certificate: the library tells only that the connection was closed. Gives the failure,
 * or null where it says nothing of certificates. Never throws.
 */
export function findTlsRefusal(broker: string, tls: ConnectionOptions): Promise<KafkaFailure | null> {
  const at = broker.lastIndexOf(':');
  const host = broker.slice(0, at).replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ ...tls, host, port: Number(broker.slice(at + 1)), timeout: answerMs });
    const end = (failure: KafkaFailure | null): void => {
      socket.destroy();
      resolve(failure);
    };
    // Nothing is asked, so nothing is answered: all that comes is the refusal.
    socket.resume();
    socket.once('timeout', () => end(null));
    socket.once('close', () => end(null));
    socket.on('error', (error: Error & { readonly code?: string }) => {
      const isRefused = untrustedCodes.test(error.code ?? '');
      end(isRefused ? new KafkaFailure('untrusted', `${error.message.trim()}.`, { cause: error }) : null);
    });
  });
}
