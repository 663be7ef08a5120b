import { now } from '../clock.ts';
import { type Entry, remove, stage } from '../delivery/queue.ts';
import { readTouches } from '../event/campaign.ts';
import { readPage, setReferrer } from '../event/context.ts';
import { toBagText } from '../event/json-text.ts';
import { record } from '../event/record.ts';
import { get, set } from '../person/store.ts';
import { beginEngagement, readEngagement } from './engagement.ts';

/** JSON of the page that is viewed; '' while none is. */
let page = '';
/** What is told of a view that may have ended: the page is hidden. */
let held: Entry | undefined;
let isScrollTold = false;

/** Says that the end of each view is told, as `scroll`. */
export function tellScroll(): void {
  isScrollTold = true;
}

/** Begins a view, at the time it began (epoch ms), from the address before it; the one before ends. */
export function beginView(isTold: boolean, properties?: unknown, at = now(), previousUrl?: string): void {
  endView();
  // What the queue's bounds cost is told as soon as there is another view.
  const lost = Number(get('lost'));
  set('lost', '');
  if (lost) record('events_dropped', { count: lost });
  if (previousUrl) setReferrer(previousUrl);
  page = readPage();
  beginEngagement();
  if (isTold) record('page_view', { ...readTouches(), ...JSON.parse(toBagText(properties)) }, { at });
}

/** Tells of the view at hand, which is over. */
export function endView(): void {
  if (held) held.stage = stage.waiting;
  else recordScroll();
  held = undefined;
  page = '';
}

/** Keeps what is to be told of the view, should the hidden page never run again; it goes on where the page is shown. */
export function holdView(): void {
  held = recordScroll();
  if (held) held.stage = stage.held;
}

/** Goes on with a view that was held. */
export function resumeView(): void {
  if (held) remove([held]);
  held = undefined;
}

function recordScroll(): Entry | undefined {
  return isScrollTold && page ? record('scroll', readEngagement(), { page }) : undefined;
}
