import type { Outcome, Transport } from './transport.ts';

/** Wraps a transport: a batch that is too large (413) goes again in halves, down to one event. */
export function splitting(inner: Transport): Transport {
  const send = async (batch: Parameters<Transport['send']>[0]): Promise<Outcome> => {
    const outcome = await inner.send(batch);
    if (outcome.kind !== 'rejected' || outcome.code !== 413 || batch.events.length < 2) return outcome;
    const middle = Math.ceil(batch.events.length / 2);
    const first = await send({ ...batch, events: batch.events.slice(0, middle) });
    return first.kind === 'retry' ? first : send({ ...batch, events: batch.events.slice(middle) });
  };
  return { send };
}
