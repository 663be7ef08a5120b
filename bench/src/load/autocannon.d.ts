declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  /** One of autocannon's connections. */
  export interface AutocannonClient {
    /** Gives the bytes of the next request, head and body. */
    getRequestBuffer: () => Buffer;
  }

  export interface AutocannonOptions {
    readonly url: string;
    readonly method: 'POST';
    readonly connections: number;
    /** Requests in all; the run ends with their last answer. */
    readonly amount: number;
    /** ms between looks at whether the run has ended. */
    readonly sampleInt: number;
    /** Seconds without an answer until a request counts as failed. */
    readonly timeout: number;
    readonly setupClient: (client: AutocannonClient) => void;
  }

  export interface AutocannonResult {
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
  }

  export interface AutocannonRun extends PromiseLike<AutocannonResult> {
    on(
      event: 'response',
      listener: (client: EventEmitter, status: number, bytes: number, responseMs: number) => void,
    ): this;
  }

  export default function autocannon(options: AutocannonOptions): AutocannonRun;
}
