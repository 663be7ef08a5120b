import { eventLimits } from '@px-platform/schemas/limits';
import type { EventContext } from '@px-platform/schemas/wire-event';
import { readCampaign } from './campaign.ts';
import { library } from './library.ts';
import { cutText } from './plain-json.ts';

/** What of the window the context is read from. */
export interface ContextSource {
  readonly location: Pick<Location, 'href' | 'pathname' | 'search'>;
  readonly document: Pick<Document, 'referrer' | 'title'>;
  readonly screen?: Pick<Screen, 'width' | 'height'>;
  readonly navigator: Pick<Navigator, 'language'>;
  readonly innerWidth?: number;
  readonly innerHeight?: number;
  readonly devicePixelRatio?: number;
}

/** Reads what holds for every event of a page load; sent once per batch. Sizes in CSS pixels. */
export function readContext(source: ContextSource): EventContext {
  const { screen, innerWidth: width, innerHeight: height, devicePixelRatio: density } = source;
  const timezone = readTimezone();
  const locale = source.navigator.language;
  return {
    library,
    ...(screen && { screen: { width: screen.width, height: screen.height, ...(density && { density }) } }),
    ...(width !== undefined && height !== undefined && { viewport: { width, height } }),
    ...(locale && { locale: cutText(locale, 100) }),
    ...(timezone && { timezone: cutText(timezone, 100) }),
    ...readCampaign(source.location.search),
  };
}

/** Reads the page an event happens on. `referrer` is the page before it, in this document or before this one. */
export function readPage(source: ContextSource, referrer: string): NonNullable<EventContext['page']> {
  const { location, document } = source;
  const cut = (text: string) => cutText(text, eventLimits.maxStringLength);
  return {
    url: cut(location.href),
    path: cut(location.pathname),
    ...(location.search && { search: cut(location.search) }),
    ...(referrer && { referrer: cut(referrer) }),
    ...(document.title && { title: cut(String(document.title)) }),
  };
}

function readTimezone(): string | undefined {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
