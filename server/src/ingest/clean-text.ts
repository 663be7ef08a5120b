const nul = '\0';
const replacement = '\uFFFD';

/**
 * Gives text that every store can hold: each lone surrogate and each NUL becomes U+FFFD, so that its
 * place stays visible. Gives the same string where there is nothing to change. Never throws.
 */
export function cleanText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes(nul) ? wellFormed.replaceAll(nul, replacement) : wellFormed;
}

/** Gives the first `maxLength` UTF-16 units, and one less where that would cut a character in two. */
export function cutText(text: string, maxLength: number): string {
  const lastUnit = text.charCodeAt(maxLength - 1);
  const isHighSurrogate = lastUnit >= 0xd800 && lastUnit <= 0xdbff;
  return text.slice(0, isHighSurrogate ? maxLength - 1 : maxLength);
}
