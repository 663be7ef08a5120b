import PX, { type InitOptions, type Px } from '@px-platform/sdk';
import { createElement, Fragment, type ReactElement, type ReactNode, useEffect } from 'react';
import { PxContext } from './use-px.ts';

/** What `PXProvider` takes. */
export interface PXProviderProps {
  /** As `PX.init` takes them; those of the first mount hold. @defaultValue none: somebody else calls `init` */
  readonly options?: InitOptions;
  /** Which SDK, such as `PX.instance('shop')`. @defaultValue the one of `@px-platform/sdk` */
  readonly px?: Px;
  /** What records page views in place of the SDK, such as `<NextPageViews />`: its own are then off. @defaultValue the SDK itself */
  readonly pageViews?: ReactNode;
  readonly children?: ReactNode;
}

const started = new WeakSet<Px>();

/**
 * Starts the SDK once the page has mounted, once for all providers and for StrictMode's second mount, and gives it to
 * `usePX`. What its children track in their first effects waits for it. Unmounting stops nothing. Does nothing on a server.
 */
export function PXProvider({ options, px = PX, pageViews, children }: PXProviderProps): ReactElement {
  const isRecordedHere = pageViews !== undefined && pageViews !== null && pageViews !== false;
  useEffect(() => {
    if (options === undefined || started.has(px)) return;
    started.add(px);
    px.init(isRecordedHere ? withoutPageViews(options) : options);
  }, [px, options, isRecordedHere]);
  return createElement(PxContext.Provider, { value: px }, createElement(Fragment, null, pageViews), children);
}

/** Else each view would be told twice. */
function withoutPageViews(options: InitOptions): InitOptions {
  const { autocapture } = options;
  if (autocapture === false) return options;
  return { ...options, autocapture: { ...(autocapture === true ? {} : autocapture), pageViews: false } };
}
