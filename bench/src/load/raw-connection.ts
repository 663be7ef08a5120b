import { once } from 'node:events';
import { connect } from 'node:net';

/** One answer: its status, and whether it names a `Retry-After`. */
export interface RawAnswer {
  readonly status: number;
  readonly isRetryTold: boolean;
}

/** A keep-alive connection that has one request under way at most. */
export interface RawConnection {
  /** Sends a whole request; `onAnswer` gets null where the connection broke before its answer. */
  send(request: Buffer, onAnswer: (answer: RawAnswer | null) => void): void;
  isOpen(): boolean;
  close(): void;
}

/** Connects to an HTTP/1.1 server whose answers have a `Content-Length`. Cheaper than node's client, which would cost what it measures. */
export async function openRawConnection(port: number, host: string): Promise<RawConnection> {
  const socket = connect({ port, host, noDelay: true });
  let isOpen = true;
  let text = '';
  let waiting: ((answer: RawAnswer | null) => void) | null = null;

  function settle(answer: RawAnswer | null): void {
    const onAnswer = waiting;
    waiting = null;
    onAnswer?.(answer);
  }
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    const head = text.indexOf('\r\n\r\n');
    if (head === -1) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (text.length < head + 4 + length) return;
    const answer = { status: Number(text.slice(9, 12)), isRetryTold: /\r\nretry-after: \d/i.test(text.slice(0, head)) };
    if (/\r\nconnection: close/i.test(text.slice(0, head))) isOpen = false;
    text = '';
    settle(answer);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    isOpen = false;
    settle(null);
  });
  await once(socket, 'connect');
  return {
    send(request, onAnswer) {
      waiting = onAnswer;
      if (isOpen) socket.write(request);
      else queueMicrotask(() => settle(null));
    },
    isOpen: () => isOpen,
    close: () => socket.destroy(),
  };
}
