import { type Problem, toProblem } from './problem.ts';

const known = /^(?:application\/json|text\/plain)\s*(?:;(.*))?$/i;
const foreignCharset = /charset\s*=(?!\s*"?utf-?8"?\s*(?:;|$))/i;

/**
 * Lets JSON pass, as `application/json` or, from `sendBeacon`, as `text/plain`; a body without a type
 * counts as JSON. Anything else, and any charset but UTF-8, is `unsupported_media_type`.
 */
export function checkContentType(header: string | undefined): Problem | null {
  if (header === undefined || header === '' || header === 'application/json') return null;
  const match = known.exec(header.trim());
  if (match !== null && !foreignCharset.test(match[1] ?? '')) return null;
  return toProblem(
    'unsupported_media_type',
    `Content-Type "${header.slice(0, 100)}" is not taken; send application/json or text/plain in UTF-8.`,
  );
}
