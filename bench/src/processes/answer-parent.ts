/**
 * Answers each message of the parent process with what `handle` gives, or with why it threw. Ends the
 * process when the parent is gone.
 */
export function answerParent(handle: (message: unknown) => Promise<object>): void {
  process.on('message', (message) => {
    handle(message).then(
      (answer) => process.send?.({ kind: 'answer', answer }),
      (error: unknown) => process.send?.({ kind: 'failed', message: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
