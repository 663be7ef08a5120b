/** From here on a whole number may be one that 64 bits can't hold; JSON writes those below 1e21 with all their digits. */
const maybeWide = /\d{19}/;
/** A text with its quotes, passed over, or a whole number of 19 digits and more. */
const textOrWide = /"(?:[^"\\]|\\.)*"|-?\d{19,}/g;
const least = -(2 ** 63);
/** 2^64 is the first double that is too large. */
const beyond = 2 ** 64;

/**
 * Gives JSON as `JSON.stringify` writes it with whole numbers that 64 bits can't hold in exponential form (`1e+20`): the engine
 * reads those as Float64, and refuses the row for their digits. Never throws.
 */
export function writeWideNumbers(json: string): string {
  if (!maybeWide.test(json)) return json;
  return json.replace(textOrWide, (found) => {
    if (found.startsWith('"')) return found;
    const number = Number(found);
    // -2^63 fits, but its shortest digits say less: -9223372036854776000.
    return number > least && number < beyond ? found : number.toExponential();
  });
}
