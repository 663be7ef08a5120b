import { after } from '../diagnostics.ts';
import { record } from '../event/record.ts';
import { listen } from '../listen.ts';
import { scrub } from '../privacy/scrub.ts';
import { actionable, describeClick } from './describe-click.ts';

const rageClicks = 3;
const rageMs = 1_000;
const rageDistancePx = 30;
const deadAfterMs = 1_000;
/** What shows by itself that it was clicked, or leads away. */
const livesByItself = 'a[href]:not([href="#"]),input,select,textarea,label,option,summary';

/**
 * Records each click on the page by one delegated listener, before the page's own can stop it, and never touches it:
 * `click`; and if trouble is to be told, `rage_click` at the third within a second on one spot, and `dead_click` where a
 * control was clicked and within a second nothing in the page changed, scrolled, took the focus or went away. The page is
 * observed only meanwhile.
 */
export function captureClicks(isTextRead: boolean, isTroubleTold: boolean): void {
  let spot = { timeStamp: 0, clientX: 0, clientY: 0 };
  let clicks = 0;
  let timer = 0;
  const calm = () => {
    clearTimeout(timer);
    observer.disconnect();
  };
  const observer = new MutationObserver(calm);
  listen('scroll focusin visibilitychange submit', calm);
  listen('click auxclick', (click) => {
    const { button, timeStamp, clientX, clientY } = click;
    const path = click.composedPath().filter((part): part is Element => part instanceof Element);
    const element = path[0]?.closest(actionable) ?? path[0];
    // A middle click follows a link too, into a tab of its own; on all else it does nothing.
    if (!element || (button && (button > 1 || !element.closest('a[href]')))) return;
    const properties = describeClick(element, path, isTextRead);
    const tell = (name: string) => record(name, properties, { mask: scrub });
    if (!properties) return;
    tell('click');
    calm();
    if (!isTroubleTold) return;
    const isNear =
      timeStamp - spot.timeStamp < rageMs &&
      Math.hypot(clientX - spot.clientX, clientY - spot.clientY) < rageDistancePx;
    clicks = isNear ? clicks + 1 : 1;
    if (!isNear) spot = click;
    if (clicks === rageClicks) tell('rage_click');
    if (!element.matches(actionable) || element.matches(livesByItself)) return;
    const { href } = location;
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    timer = after(deadAfterMs, () => {
      calm();
      if (location.href === href) tell('dead_click');
    });
  });
}
