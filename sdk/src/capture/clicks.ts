import type { Ground } from '../ports.ts';
import type { ClickProperties } from '../px.ts';
import { actionable, describeClick } from './describe-click.ts';

const rageClicks = 3;
const rageMs = 1_000;
const rageDistancePx = 30;
const deadAfterMs = 1_000;
/** What shows by itself that it was clicked, or leads away. */
const livesByItself = 'a[href]:not([href="#"]),input,select,textarea,label,option,summary';

/**
 * Reports each click on the page by one delegated listener, before the page's own can stop it, and never touches it:
 * `click`; `rage_click` at the third within a second on one spot; `dead_click` where a control was clicked and within a
 * second nothing in the page changed, scrolled, took the focus or went away. The page is observed only meanwhile.
 */
export function captureClicks(
  { listen, after }: Ground,
  options: {
    readonly isTextRead: boolean;
    readonly isTroubleTold: boolean;
    readonly onClick: (name: string, properties: ClickProperties) => void;
  },
): void {
  const { onClick } = options;
  let spot = { timeStamp: 0, clientX: 0, clientY: 0 };
  let clicks = 0;
  let sawEffect = () => {};
  const awaitEffect = (properties: ClickProperties) => {
    const { href } = location;
    const observer = new MutationObserver(() => sawEffect());
    const timer = after(deadAfterMs, () => {
      sawEffect();
      if (location.href === href) onClick('dead_click', properties);
    });
    sawEffect = () => {
      clearTimeout(timer);
      observer.disconnect();
    };
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  };
  if (options.isTroubleTold) listen(document, 'scroll focusin visibilitychange submit', () => sawEffect());
  listen(document, 'click auxclick', (click) => {
    const path = click.composedPath().filter((part): part is Element => part instanceof Element);
    // A middle click follows a link too, into a tab of its own; on all else it does nothing.
    if (click.type !== 'click' && (click.button !== 1 || !path[0]?.closest('a[href]'))) return;
    const [element, properties] = describeClick(path, options.isTextRead);
    if (!element || !properties) return;
    onClick('click', properties);
    if (!options.isTroubleTold) return;
    const isNear =
      click.timeStamp - spot.timeStamp < rageMs &&
      Math.hypot(click.clientX - spot.clientX, click.clientY - spot.clientY) < rageDistancePx;
    clicks = isNear ? clicks + 1 : 1;
    if (!isNear) spot = click;
    if (clicks === rageClicks) onClick('rage_click', properties);
    sawEffect();
    if (element.matches(actionable) && !element.matches(livesByItself)) awaitEffect(properties);
  });
}
