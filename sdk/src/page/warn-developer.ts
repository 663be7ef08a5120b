/** Tells the page's developer of a mistake in the call of `init`: nothing would arrive, and nowhere else would say why. */
export function warnDeveloper(message: string): void {
  try {
    // biome-ignore lint/suspicious/noConsole: the console is the only place this mistake can show.
    console.error(message);
  } catch {
    // A page may have replaced its console.
  }
}
