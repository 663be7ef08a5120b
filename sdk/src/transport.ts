import type { WireBatch } from '@px-platform/schemas/wire-event';

/** Events of one person and session, with what they share. The key and the time of sending are the transport's to add. */
export type Batch = Omit<WireBatch, 'sent_at' | 'api_key'>;

/** What became of a batch: the collector has it; not now, at least `afterMs` to wait; never, with the HTTP status. */
export type Outcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'retry'; readonly afterMs: number }
  | { readonly kind: 'rejected'; readonly code: number };

/** Takes batches to the collector. `send` never throws and never rejects. */
export interface Transport {
  send(batch: Batch): Promise<Outcome>;
}
