import type { Random } from './random.ts';

/** A page of the site that the mix is of. */
export interface SitePage {
  readonly path: string;
  readonly title: string;
}

/** What can be clicked on a page. */
export type SiteControl = Readonly<Record<string, unknown>>;

const origin = 'https://www.teashop.example';
const pageCount = 400;
const controlCount = 12;
const kinds = ['teas', 'pots', 'journal', 'gifts', 'help'];
const words = 'moss harbour night ember first light fog garden road stone river amber cedar frost meadow'.split(' ');

/** Gives a page by its rank, the first the most visited. */
function toSitePage(rank: number): SitePage {
  if (rank === 0) return { path: '/', title: 'The small tea shop' };
  const kind = kinds[rank % kinds.length] ?? '';
  const name = `${words[rank % words.length]}-${words[(rank * 7 + 3) % words.length]}-${rank}`;
  return { path: `/${kind}/${name}`, title: `${name.replaceAll('-', ' ')} · ${kind} · The small tea shop` };
}

/** Gives the address of a page. */
export function toSiteUrl(page: SitePage, search = ''): string {
  return origin + page.path + search;
}

/** Draws a page: few have most of the visits. */
export function drawPage(random: Random): SitePage {
  return toSitePage(random.rank(pageCount));
}

/** Draws what is clicked on a page: links of the menu on all, and some of its own. */
export function drawControl(random: Random, page: SitePage): SiteControl {
  const place = random.rank(controlCount);
  if (place % 3 === 0) {
    const to = toSitePage(place * 5);
    const selector = `header#top > nav:nth-child(2) > ul:nth-child(1) > li:nth-child(${place + 1}) > a:nth-child(1)`;
    return { selector, tag: 'a', classes: ['menu__link'], text: to.title.slice(0, 24), href: toSiteUrl(to) };
  }
  if (place % 3 === 1) {
    const selector = `main#content > section:nth-child(${place}) > div:nth-child(2) > button:nth-child(1)`;
    return {
      selector,
      tag: 'button',
      classes: ['button', 'button--primary'],
      text: 'Add to basket',
      data: { sku: page.path.slice(-12) },
    };
  }
  return { selector: `main#content > article:nth-child(${place}) > p:nth-child(3)`, tag: 'p' };
}
