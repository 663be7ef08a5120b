import { now } from '../clock.ts';
import { listen } from '../listen.ts';
import type { ScrollProperties } from '../px.ts';

/** Without a sign of life for so long, nobody looks. */
const maxPauseMs = 30_000;
let depth01 = 0;
let engagedMs = 0;
let lastAt = 0;
let wasHidden = false;

/** Watches for signs of life: scrolling, pointer and keys (that there is one, never which). */
export function watchEngagement(): void {
  listen('pointerdown pointermove keydown scroll visibilitychange', look);
}

/** Looks how far down the page is seen, and whether it was looked at since the last look. */
export function look(): void {
  const at = now();
  const share = (scrollY + innerHeight) / document.documentElement.scrollHeight;
  depth01 = Math.max(depth01, Math.round(Math.min(1, share || 0) * 100) / 100);
  if (!wasHidden && lastAt) engagedMs += Math.max(0, Math.min(at - lastAt, maxPauseMs));
  wasHidden = document.hidden;
  lastAt = at;
}

/** Gives how far down a view was seen, and how long it was looked at; another begins. */
export function readEngagement(): ScrollProperties {
  look();
  return { depth01, engaged_ms: Math.round(engagedMs) };
}

/** Begins another view. */
export function beginEngagement(): void {
  depth01 = engagedMs = 0;
  lastAt = now();
}
