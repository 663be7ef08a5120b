const maxLength = 20;

/**
 * Cuts a version to its first `maxParts` numbers, without closing zeros: '131.0.6778.86' is '131' and
 * '17.6.1' is '17.6' with two parts. So a browser has one version whether it came from the user agent
 * ('131.0.0.0') or from a client hint ('131'). A name ('XP') stays as it is. At most 20 characters.
 */
export function toVersion(text: string, maxParts: number): string {
  const numbers = /^\d+(?:[._]\d+)*/.exec(text)?.[0];
  if (numbers === undefined) return text.slice(0, maxLength).toWellFormed();
  const parts = numbers.split(/[._]/, maxParts);
  while (parts.length > 1 && Number(parts.at(-1)) === 0) parts.pop();
  return parts.join('.').slice(0, maxLength);
}
