import { randomBytes } from 'node:crypto';

/**
 * Makes a source of UUIDv7s (RFC 9562) of the instant given (epoch ms), no two alike: a random part drawn once
 * and a number. Cheap, since the generator of the load must not be what is measured.
 */
export function createIds(): (at: number) => string {
  const drawn = randomBytes(6).toString('hex');
  let number = 0;
  return (at) => {
    number += 1;
    const time = at.toString(16).padStart(12, '0');
    const count = number.toString(16).padStart(8, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${drawn.slice(0, 3)}-8${drawn.slice(3, 6)}-${drawn.slice(6, 10)}${count}`;
  };
}
