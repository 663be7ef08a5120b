/** Runs something once, after so many ms; what it gives calls that off. An argument, so that tests set time. */
export type Later = (ms: number, run: () => void) => () => void;

/** By the machine's clock. */
export const runLater: Later = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
