/**
 * What gives a robot away, the first that holds: a headless browser's or a driver's mark in its user agent or brands; a
 * user agent that isbot knows; `navigator.webdriver`, which says that a program drives an ordinary browser; an address in a
 * datacentre, which is a hint alone: people come from there too, by a VPN. '' for none.
 */
export type BotSignal = '' | 'headless' | 'user_agent' | 'webdriver' | 'datacenter';

/** Names that browsers without a window and the programs that drive browsers put into a user agent. */
const headlessMark =
  /headless|phantomjs|slimerjs|casperjs|nightmare\/|puppeteer|playwright|selenium|webdriver|htmlunit|jsdom\/|testcafe|cypress\//i;

/** Says whether a user agent or a brand names a headless or driven browser. Linear in the text. */
export function isHeadless(text: string): boolean {
  return headlessMark.test(text);
}
