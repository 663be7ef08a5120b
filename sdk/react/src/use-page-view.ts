import type { Properties, Px } from '@px-platform/sdk';
import { useEffect, useRef } from 'react';
import { usePX } from './use-px.ts';

/** By SDK: the page that was told last, and the return to it that was. */
const lastKeys = new WeakMap<Px, string>();
const lastReturns = new WeakMap<Px, Event>();

/**
 * Records a `page_view` with these properties whenever `key` changes: once, however often it is mounted, also under
 * StrictMode; again at a return from the back/forward cache; of a page that was rendered ahead, when it is shown. `null`
 * records none. For apps that turned `autocapture.pageViews` off, as `PXProvider` does where it is given `pageViews`.
 */
export function usePageView(key: string | null, properties?: Properties): void {
  const px = usePX();
  const latest = useRef(properties);
  useEffect(() => {
    latest.current = properties;
  });
  useEffect(() => (key === null ? undefined : watchPage(px, key, () => px.page(latest.current))), [px, key]);
}

/** Gives what stops the watch. */
function watchPage(px: Px, key: string, tell: () => void): () => void {
  const onShown = () => {
    if (lastKeys.get(px) === key) return;
    lastKeys.set(px, key);
    tell();
  };
  const onReturn = (event: PageTransitionEvent) => {
    if (!event.persisted || lastReturns.get(px) === event) return;
    lastReturns.set(px, event);
    tell();
  };
  if ('prerendering' in document && document.prerendering) document.addEventListener('prerenderingchange', onShown);
  else onShown();
  window.addEventListener('pageshow', onReturn);
  return () => {
    document.removeEventListener('prerenderingchange', onShown);
    window.removeEventListener('pageshow', onReturn);
  };
}
