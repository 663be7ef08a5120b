import type { CDPSession, Page } from 'playwright-core';
import type { Ground } from './open-ground.ts';

/** Opens the site's page in a new profile, as many times slower than the machine as asked; `use` may do with it what it wants. */
export async function withFreshPage<T>(
  { browser, site }: Ground,
  slowdown: number,
  use: (page: Page, cdp: CDPSession) => Promise<T>,
): Promise<T> {
  const major = browser.version().split('.')[0];
  // Some SDKs record nothing for browsers that call themselves headless.
  const userAgent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`;
  const context = await browser.newContext({ userAgent });
  try {
    const page = await context.newPage();
    await page.goto(`${site.url}/`);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    return await use(page, cdp);
  } finally {
    await context.close();
  }
}
