import { KafkaFailure } from './kafka-failure.ts';

/** Gives what `work` gives, or throws a `KafkaFailure` (`unavailable`) where it takes longer than `timeoutMs`; the work goes on then. */
export async function within<T>(timeoutMs: number, what: string, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new KafkaFailure('unavailable', `${what} took longer than ${timeoutMs} ms.`)),
    timeoutMs,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
