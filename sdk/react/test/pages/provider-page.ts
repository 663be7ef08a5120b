import { PXProvider, usePageView, usePX } from '@px-platform/react';
import PX, { type InitOptions } from '@px-platform/sdk';
import { createElement, type ReactNode, StrictMode, useEffect, useRef, useState } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';

declare global {
  interface Window {
    /** Set by the page around: what `PX.init` takes. */
    options: InitOptions;
    measured: typeof PX;
    mount: (kind: string) => void;
    unmount: () => void;
  }
}

/** Tracks in its first effect, before the provider around it has started the SDK. */
function Child() {
  const px = usePX();
  const isTold = useRef(false);
  useEffect(() => {
    if (!isTold.current) px.track('mounted', { is_same: px === PX });
    isTold.current = true;
  }, [px]);
  return createElement('button', { type: 'button', id: 'buy', onClick: () => px.track('bought') }, 'Buy');
}

/** A router of somebody's own. */
function Tabs() {
  const [tab, setTab] = useState('one');
  usePageView(tab, { tab });
  return createElement('button', { type: 'button', id: 'next', onClick: () => setTab('two') }, tab);
}

const { options } = window;
const child = createElement(Child);
const pageViews = createElement(Tabs);
const apps: Record<string, ReactNode> = {
  plain: createElement(PXProvider, { options }, child),
  nested: createElement(PXProvider, { options }, createElement(PXProvider, { options: { ...options } }, child)),
  tabs: createElement(PXProvider, { options, pageViews }, child),
  'two tabs': [
    createElement(PXProvider, { key: 1, options, pageViews }, child),
    createElement(PXProvider, { key: 2, options, pageViews }),
  ],
};

let root: ReturnType<typeof createRoot> | undefined;
window.measured = PX;
window.mount = (kind) => {
  const app = createElement(StrictMode, null, apps[kind]);
  const place = document.querySelector('#app');
  if (place === null) throw new Error('no place');
  if (place.hasChildNodes()) root = hydrateRoot(place, app);
  else {
    root = createRoot(place);
    root.render(app);
  }
};
window.unmount = () => root?.unmount();
