declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  /** A request as autocannon is about to build it. */
  export interface AutocannonRequest {
    readonly body?: Buffer;
    readonly headers?: Readonly<Record<string, string>>;
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
    readonly requests: readonly { readonly setupRequest: (request: AutocannonRequest) => AutocannonRequest }[];
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
