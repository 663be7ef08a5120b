import { isIP } from 'node:net';

/**
 * Gives an IP address as a socket or an `X-Forwarded-For` has it, without the port and the brackets that some proxies
 * write, and IPv4 as such where it came on a socket of both families (`::ffff:1.2.3.4`). Gives '' for what is none: the
 * header is text that anyone may have written.
 */
export function toAddress(text: string | undefined): string {
  if (text === undefined) return '';
  const version = isIP(text);
  if (version === 4) return text;
  if (version === 6) return fromMapped(text);
  const [, bracketed, dotted] = /^(?:\[([\da-f:.]{2,45})\]|([\d.]{7,15}))(?::\d{1,5})?$/i.exec(text) ?? [];
  const bare = bracketed ?? dotted ?? '';
  return isIP(bare) === 0 ? '' : fromMapped(bare);
}

function fromMapped(address: string): string {
  const [, dotted] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  return dotted ?? address;
}
