import type { Guard } from '../ports.ts';

/** What of the window is watched. */
export interface LifecycleSource {
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener'>;
  addEventListener(type: 'online', listener: () => void): void;
  addEventListener(type: 'pagehide' | 'pageshow', listener: (event: { persisted: boolean }) => void): void;
}

/** The turns of a page's life. `hidden` may be the last one a phone tells. */
export interface LifecycleListeners {
  hidden(): void;
  visible(): void;
  gone(): void;
  /** The page is back from the back/forward cache. */
  restored(): void;
  /** The network is back. */
  online(): void;
}

/** Watches the page's life. Never `unload`: it keeps pages out of the back/forward cache. */
export function watchLifecycle(source: LifecycleSource, guard: Guard, on: LifecycleListeners): void {
  const { document } = source;
  source.addEventListener(
    'pagehide',
    guard(() => on.gone()),
  );
  source.addEventListener(
    'pageshow',
    guard((event: { persisted: boolean }) => {
      if (event.persisted) on.restored();
    }),
  );
  source.addEventListener(
    'online',
    guard(() => on.online()),
  );
  document.addEventListener(
    'visibilitychange',
    guard(() => (document.visibilityState === 'hidden' ? on.hidden() : on.visible())),
  );
}
