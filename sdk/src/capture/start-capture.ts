import { now } from '../clock.ts';
import { sendNow } from '../delivery/leave.ts';
import { letGo, resume } from '../delivery/recover.ts';
import { flush, plan } from '../delivery/send.ts';
import { after } from '../diagnostics.ts';
import { listen } from '../listen.ts';
import type { AutocaptureOptions } from '../px.ts';
import { settings } from '../settings.ts';
import { captureClicks } from './clicks.ts';
import { look, watchEngagement } from './engagement.ts';
import { capturePageViews } from './page-views.ts';
import { beginView, endView, holdView, resumeView, tellScroll } from './view.ts';

declare global {
  interface Document {
    /** Source: Prerendering Revamped, WICG. */
    prerendering?: boolean;
  }
}

/** A navigation that was called off leaves the page as it is: it takes its queue back after so long, which no server should take to answer. */
const stayAfterMs = 15_000;

/**
 * Starts what the options capture, and follows the page to its end. Never `unload`: it keeps pages out of the back/forward
 * cache. Gives what begins the first view, at the time of this call.
 */
export function startCapture(): () => void {
  const { autocapture = true } = settings;
  const isOn = autocapture !== false;
  const options: AutocaptureOptions = autocapture && autocapture !== true ? autocapture : {};
  const { pageViews = isOn, clicks = isOn, scroll = isOn } = options;
  const begin = (at?: number) => beginView(pageViews, undefined, at);
  const startedAt = now();
  let settle = () => {};
  if (scroll) {
    watchEngagement();
    tellScroll();
  }
  if (pageViews) {
    settle = capturePageViews(options.pageKey, look, (at, previousUrl) => beginView(true, {}, at, previousUrl));
  }
  if (clicks) captureClicks(options.clickText ?? true, options.troubledClicks ?? true);
  listen('visibilitychange', () => {
    if (document.hidden) {
      holdView();
      sendNow();
    } else {
      resumeView();
      plan();
    }
  });
  let stay = 0;
  listen('freeze pagehide', () => {
    // It would run after a return from the cache, which takes the queue back by itself.
    clearTimeout(stay);
    settle();
    endView();
    sendNow();
    letGo();
  });
  // Firefox decides before `pagehide` whether a page goes into its cache, and takes none that owns a lock.
  listen('beforeunload', () => {
    letGo();
    stay = after(stayAfterMs, resume);
  });
  listen('resume', resume);
  listen('pageshow', ({ persisted }) => {
    if (!persisted) return;
    resume();
    begin();
  });
  listen('online', flush);
  return () => {
    // A page that was rendered ahead may never be shown.
    if (document.prerendering) listen('prerenderingchange', () => begin());
    else begin(startedAt);
  };
}
