import type { Plugin, Px } from '../px.ts';

/** What an `error` carries. */
export interface ErrorProperties {
  [key: string]: unknown;
  /** At most 500 characters. */
  message: string;
  /** Such as `TypeError`. */
  type?: string;
  /** At most 2,000 characters; addresses without their query. */
  stack?: string;
  /** The script, without its query, and the place in it. */
  source?: string;
  line?: number;
  column?: number;
  /** `promise` for a rejection that nobody handled. */
  kind: 'script' | 'promise';
}

/** How errors are recorded. */
export interface ErrorOptions {
  /** Events per page load at most: a loop that fails says the same each time. @defaultValue 20 */
  maxEvents?: number;
}

/** Records errors that the page did not catch, as `error`; the same one once a page load. Changes nothing about them. */
export function errors({ maxEvents = 20 }: ErrorOptions = {}): Plugin {
  return {
    name: 'errors',
    setup: (px: Px) => {
      const seen = new Set<string>();
      const tell = (kind: ErrorProperties['kind'], thrown: unknown, place: Partial<ErrorProperties>, text: string) => {
        const { name, message, stack } =
          thrown instanceof Error ? thrown : { name: undefined, message: text, stack: undefined };
        const key = `${message}${stack}${place.source}${place.line}`;
        // "Script error." is all that a page may know of a script of another origin.
        if (seen.size >= maxEvents || seen.has(key) || message === 'Script error.') return;
        seen.add(key);
        const properties: ErrorProperties = { kind, message: clean(message, 500), ...place };
        if (name) properties.type = name;
        if (stack) properties.stack = clean(stack, 2_000);
        px.track('error', properties);
      };
      addEventListener('error', ({ error, message, filename, lineno, colno }) => {
        if (message) tell('script', error, { source: clean(filename, 500), line: lineno, column: colno }, message);
      });
      addEventListener('unhandledrejection', ({ reason }) =>
        tell('promise', reason, {}, typeof reason === 'string' ? reason : 'rejected'),
      );
    },
  };
}

/** Cuts a text, and takes the queries and fragments out of its addresses: they may name a person. */
function clean(text: string, maxLength: number): string {
  return text.replace(/(https?:\/\/[^\s?#)]+)[?#][^\s):]*/g, '$1').slice(0, maxLength);
}
