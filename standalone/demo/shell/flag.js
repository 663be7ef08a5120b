const firstLetter = 0x1f1e6;

/**
 * Gives a country's flag, or '' where this machine's fonts draw none (they show two boxed letters).
 * @param {string} country ISO 3166-1 alpha-2
 * @returns {string}
 */
export function toFlag(country) {
  if (!/^[A-Z]{2}$/.test(country) || !hasFlags()) return '';
  return String.fromCodePoint(...[...country].map((letter) => firstLetter + letter.charCodeAt(0) - 65));
}

/** @type {boolean | undefined} */
let known;

/** A flag is one glyph, so it is narrower than its two letters apart. */
function hasFlags() {
  if (known !== undefined) return known;
  const pen = document.createElement('canvas').getContext('2d');
  if (pen === null) return false;
  pen.font = '16px sans-serif';
  known = pen.measureText('🇨🇭').width < 1.5 * pen.measureText('🇨').width;
  return known;
}

/**
 * Gives a country's name in the reader's language, or its code where none is known.
 * @param {string} country ISO 3166-1 alpha-2
 * @returns {string}
 */
export function toCountryName(country) {
  try {
    return new Intl.DisplayNames(undefined, { type: 'region' }).of(country) ?? country;
  } catch {
    return country;
  }
}
