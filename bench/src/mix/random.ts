/** Draws that a seed repeats. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number below `count`, each as often as the others. */
  below(count: number): number;
  /** A place of a list of `count`, the n-th about as often as 1/n: as pages, browsers and screens are spread. */
  rank(count: number): number;
  /** How often something happened that happens `mean` times on average: 0, 1, 2, ... */
  count(mean: number): number;
  /** `digits` hexadecimal digits. */
  hex(digits: number): string;
  /** `length` characters of base64url, as ids of ad networks are made of. */
  token(length: number): string;
}

const tokenLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Makes a source of draws (sfc32), the same ones for the same seed. Source: PractRand, sfc32. */
export function createRandom(seed: number): Random {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1];
  const word = (): number => {
    const drawn = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + drawn;
    return drawn >>> 0;
  };
  for (let warm = 0; warm < 12; warm += 1) word();
  const next = (): number => word() / 2 ** 32;
  const below = (count: number): number => Math.floor(next() * count);
  return {
    next,
    below,
    rank: (count) => Math.min(count - 1, Math.floor((count + 1) ** next()) - 1),
    count(mean) {
      const past = Math.exp(-mean);
      let events = -1;
      for (let product = 1; product > past; product *= next()) events += 1;
      return Math.max(0, events);
    },
    hex(digits) {
      let text = '';
      while (text.length < digits) text += word().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
    token: (length) => Array.from({ length }, () => tokenLetters[below(tokenLetters.length)]).join(''),
  };
}
