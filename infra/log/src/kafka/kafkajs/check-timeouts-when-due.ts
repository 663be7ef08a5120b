import { createRequire } from 'node:module';

interface SentRequest {
  /** Epoch ms. */
  readonly sentAt: number;
  /** In ms; none is shorter than that of its queue. */
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

interface RequestQueue {
  readonly requestTimeout: number;
  readonly inflight: ReadonlyMap<number, SentRequest>;
  /** A timer of ours in place of its interval. */
  requestTimeoutIntervalId: NodeJS.Timeout | null | undefined;
  destroy(): void;
  scheduleRequestTimeoutCheck(): void;
  sendSocketRequest(request: unknown): void;
}

/**
 * Has each connection of kafkajs look for requests that got no answer in time when the first of them is due. 2.2.4 looks ten times a second
 * on each, for as long as it is open.
 */
export function checkTimeoutsWhenDue(): void {
  // Of 2.2.4, pinned, as in `mend-kafkajs.ts`.
  const RequestQueue: { prototype: RequestQueue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const { sendSocketRequest } = RequestQueue.prototype;
  RequestQueue.prototype.scheduleRequestTimeoutCheck = function (this: RequestQueue) {
    this.destroy();
    this.requestTimeoutIntervalId = checkWhenDue(this);
  };
  RequestQueue.prototype.sendSocketRequest = function (this: RequestQueue, request) {
    sendSocketRequest.call(this, request);
    // One that is set already is early enough.
    this.requestTimeoutIntervalId ??= checkWhenDue(this);
  };
}

/** Sets a timer for the first that is due, or could be that is sent meanwhile; gives null where nothing is under way. */
function checkWhenDue(queue: RequestQueue): NodeJS.Timeout | null {
  const due = [...queue.inflight.values()].map(({ sentAt, requestTimeout }) => sentAt + requestTimeout);
  if (due.length === 0) return null;
  const check = (): void => {
    for (const request of queue.inflight.values()) {
      if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
    }
    queue.requestTimeoutIntervalId = checkWhenDue(queue);
  };
  return setTimeout(check, Math.min(...due.map((at) => at - Date.now()), queue.requestTimeout) + 1);
}
