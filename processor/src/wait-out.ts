import type { GroupReader } from '@px-platform/log';
import { AppError, type Logger } from '@px-platform/runtime';
import type { ProcessorMetrics } from './metrics.ts';
import { retrying } from './retrying.ts';

/**
 * Gives a group's reader that waits out brokers which are away: its questions are tried again until they are answered, or
 * throw `log_revoked` once it is time to end. `plan` and `commit` are the caller's to try again.
 */
export function waitOut(
  reader: GroupReader,
  deps: { readonly metrics: ProcessorMetrics; readonly logger: Logger },
  aborted: AbortSignal,
): GroupReader {
  async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const answered = await retrying(deps, { aborted }, async () => ({ answer: await ask() }));
    if (answered !== null) return answered.answer;
    throw new AppError('log_revoked', 'The brokers were away when it was time to end.');
  }
  return {
    ...reader,
    committed: (partition) => patiently(() => reader.committed(partition)),
    read: (partition, from, limits) => patiently(() => reader.read(partition, from, limits)),
    planned: (partition) => patiently(() => reader.planned(partition)),
  };
}
