/** Gives the path of the Chromium that `PX_CHROMIUM` names, or null. */
export function readChromiumPath(): string | null {
  return process.env['PX_CHROMIUM'] || null;
}
