/** One thing to end, named for the message where it fails. */
export interface Closing {
  readonly name: string;
  close(): Promise<void>;
}

/** Ends things in the reverse order of their opening; tries each, then throws the first error. */
export async function closeAll(opened: readonly Closing[]): Promise<void> {
  const failures: unknown[] = [];
  for (const thing of [...opened].reverse()) {
    try {
      await thing.close();
    } catch (cause) {
      failures.push(new Error(`closing ${thing.name} failed`, { cause }));
    }
  }
  if (failures.length > 0) throw failures[0];
}
