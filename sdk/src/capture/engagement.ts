import type { Clock, Listen } from '../ports.ts';
import type { ScrollProperties } from '../px.ts';

/** Without a sign of life for so long, nobody looks. */
const maxPauseMs = 30_000;

/** How far down a view was seen, and how long it was looked at. */
export interface Engagement {
  /** Takes the measure of the view so far. */
  readonly read: () => ScrollProperties;
  /** Looks at the page before it changes. */
  readonly look: () => void;
  /** Begins another view. */
  readonly begin: () => void;
}

/** Watches for signs of life: scrolling, pointer and keys (that there is one, never which). Ms of `now`. */
export function watchEngagement(listen: Listen, now: Clock): Engagement {
  let depth01 = 0;
  let engaged_ms = 0;
  let lastAt = 0;
  let wasHidden = false;
  const look = () => {
    const share = (scrollY + innerHeight) / document.documentElement.scrollHeight;
    depth01 = Math.max(depth01, Math.round(Math.min(1, share || 0) * 100) / 100);
  };
  const live = () => {
    if (!wasHidden) engaged_ms += Math.max(0, Math.min(now() - lastAt, maxPauseMs));
    wasHidden = document.hidden;
    lastAt = now();
  };
  listen(document, 'pointerdown pointermove keydown scroll visibilitychange', ({ type }) => {
    live();
    if (type === 'scroll') look();
  });
  return {
    look,
    read: () => {
      look();
      live();
      return { depth01, engaged_ms };
    },
    begin: () => {
      live();
      depth01 = engaged_ms = 0;
    },
  };
}
