import type { Delivery } from '../delivery/delivery.ts';
import { type Entry, state } from '../delivery/queue.ts';
import type { Recorder } from '../event/recorder.ts';
import type { Ground } from '../ports.ts';
import type { AutocaptureOptions, InitOptions } from '../px.ts';
import { captureClicks } from './clicks.ts';
import { watchEngagement } from './engagement.ts';
import { capturePageViews } from './page-views.ts';

/** Starts what the options capture, and follows the page to its end. Never `unload`: it keeps pages out of the back/forward cache. */
export function startCapture(
  ground: Ground,
  parts: {
    readonly options: InitOptions;
    readonly record: Recorder;
    readonly delivery: Delivery;
    readonly scrub: (text: string) => string;
    readonly readPage: () => string;
    /** What a page view bears. */
    readonly touches: unknown;
    readonly setReferrer: (url: string) => void;
  },
): void {
  const { record, delivery, scrub, readPage } = parts;
  const { autocapture } = parts.options;
  const { listen, now } = ground;
  const wants = (name: keyof AutocaptureOptions) =>
    autocapture !== false && (autocapture === undefined || autocapture === true || autocapture[name] !== false);
  const engagement = wants('scroll') ? watchEngagement(listen, now) : undefined;
  let page = '';
  let held: Entry | undefined;
  let settle = () => {};

  /** Tells of the view at hand as far as it went. */
  const recordScroll = () =>
    engagement && page ? record('scroll', { properties: engagement.read(), page }) : undefined;
  const begin = (at: number, previousUrl?: string) => {
    recordScroll();
    if (previousUrl) parts.setReferrer(previousUrl);
    page = readPage();
    engagement?.begin();
    if (wants('pageViews')) record('page_view', { at, properties: parts.touches });
  };
  if (wants('pageViews')) {
    settle = capturePageViews(ground, window, {
      pageKey: typeof autocapture === 'object' ? autocapture.pageKey : undefined,
      onMove: () => engagement?.look(),
      onView: begin,
    });
  }
  // A page that was rendered ahead may never be shown.
  if ('prerendering' in document && document.prerendering) listen(document, 'prerenderingchange', () => begin(now()));
  else begin(now());
  if (wants('clicks')) {
    captureClicks(ground, {
      isTextRead: wants('clickText'),
      isTroubleTold: wants('troubledClicks'),
      onClick: (name, properties) => record(name, { properties, mask: scrub }),
    });
  }
  listen(document, 'visibilitychange', () => {
    if (document.visibilityState === 'hidden') {
      // It is told when the view ends, with all that is yet to come; should the page never run again, as it stands now.
      held = recordScroll();
      if (held) held.state = state.held;
      delivery.hidden();
    } else {
      if (held) delivery.remove([held]);
      held = undefined;
      delivery.visible();
    }
  });
  const leave = () => {
    settle();
    if (held) held.state = state.waiting;
    else recordScroll();
    held = undefined;
    page = '';
    delivery.gone();
  };
  listen(document, 'freeze', leave);
  listen(window, 'pagehide', leave);
  listen(window, 'pageshow', ({ persisted }) => {
    if (!persisted) return;
    delivery.resume();
    begin(now());
  });
  listen(window, 'online', () => void delivery.flush());
}
