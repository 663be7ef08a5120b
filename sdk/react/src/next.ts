import { useParams, usePathname, useSearchParams } from 'next/navigation';
import { createElement, type ReactElement, Suspense } from 'react';
import { toRoute } from './to-route.ts';
import { usePageView } from './use-page-view.ts';

/** What `NextPageViews` takes. */
export interface NextPageViewsProps {
  /** What makes another page. `query` reads the search parameters, for which Next.js renders this much in the browser. @defaultValue 'path' */
  readonly pageKey?: 'path' | 'query';
}

/**
 * Records page views of Next.js's app router, each with its `route`, such as `/teas/:slug`. Stands in the root layout,
 * as `pageViews` of `PXProvider`. Needed only for the route: the SDK sees Next.js's navigation by itself.
 */
export function NextPageViews({ pageKey = 'path' }: NextPageViewsProps): ReactElement {
  if (pageKey === 'path') return createElement(PathViews);
  return createElement(Suspense, { fallback: null }, createElement(QueryViews));
}

function PathViews(): null {
  const path = usePathname();
  usePageView(path, { route: toRoute(path ?? '', useParams() ?? {}) });
  return null;
}

function QueryViews(): null {
  const path = usePathname();
  const query = useSearchParams()?.toString() ?? '';
  usePageView(path === null ? null : `${path}?${query}`, { route: toRoute(path ?? '', useParams() ?? {}) });
  return null;
}
