import type { EventContext } from '@px-platform/schemas/wire-event';
import { attempt } from '../attempt.ts';
import { library } from './library.ts';

/** What of the window the context is read from. */
export type ContextSource = Pick<Window, 'innerWidth' | 'innerHeight' | 'devicePixelRatio'> & {
  readonly screen: Pick<Screen, 'width' | 'height'>;
  readonly navigator: Pick<Navigator, 'language'>;
};

/** Reads what holds for every event of a page load; sent once per batch. Sizes in CSS pixels. */
export function readContext({
  screen,
  innerWidth,
  innerHeight,
  devicePixelRatio,
  navigator,
}: ContextSource): EventContext {
  const timezone = attempt(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  return {
    library,
    screen: { width: screen.width, height: screen.height, density: devicePixelRatio },
    viewport: { width: innerWidth, height: innerHeight },
    locale: navigator.language,
    ...(timezone && { timezone }),
  };
}
