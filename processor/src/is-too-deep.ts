const quote = 0x22;
const backslash = 0x5c;
const [braceOpen, braceClose, bracketOpen, bracketClose] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Says whether JSON text (UTF-8) nests deeper than `maxLevels`. What is nested some thousand levels deep is parsed, and then
 * can't be written again: neither as a row nor as a dead letter. Text that is no JSON gives any answer. Never throws.
 */
export function isTooDeep(json: Buffer, maxLevels: number): boolean {
  let level = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === quote) {
      at = findStringEnd(json, at);
      if (at === -1) return false;
    } else if (byte === braceOpen || byte === bracketOpen) {
      level += 1;
      if (level > maxLevels) return true;
    } else if (byte === braceClose || byte === bracketClose) {
      level -= 1;
    }
  }
  return false;
}

/** Gives where the string that begins at `from` ends; -1 where it does not. */
function findStringEnd(json: Buffer, from: number): number {
  for (let end = json.indexOf(quote, from + 1); end !== -1; end = json.indexOf(quote, end + 1)) {
    let first = end;
    while (json[first - 1] === backslash) first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
  return -1;
}
