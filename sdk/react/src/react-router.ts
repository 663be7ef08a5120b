import { matchRoutes, type RouteObject, useLocation, useParams } from 'react-router';
import { toRoute } from './to-route.ts';
import { usePageView } from './use-page-view.ts';

/** What `RouterPageViews` takes. */
export interface RouterPageViewsProps {
  /** What makes another page. @defaultValue 'path' */
  readonly pageKey?: 'path' | 'query';
  /** The app's routes, where it stands outside of them: inside the root route, the router's own parameters tell the route. */
  readonly routes?: RouteObject[];
}

/**
 * Records page views of React Router, each with its `route`, such as `/teas/:slug`. Stands inside the router, as
 * `pageViews` of `PXProvider`. Needed only for the route: the SDK sees the router's navigation by itself.
 */
export function RouterPageViews({ pageKey = 'path', routes }: RouterPageViewsProps): null {
  const { pathname, search } = useLocation();
  const params = useParams();
  const matched = routes && matchRoutes(routes, pathname);
  const route = matched ? toPattern(matched.map((match) => match.route.path)) : toRoute(pathname, params);
  usePageView(pageKey === 'path' ? pathname : pathname + search, { route });
  return null;
}

/** Joins the paths of nested routes; one that begins with a slash holds its parents'. */
function toPattern(paths: readonly (string | undefined)[]): string {
  const joined = paths.reduce<string>((all, path = '') => (path.startsWith('/') ? path : `${all}/${path}`), '');
  return `/${joined.split('/').filter(Boolean).join('/')}`;
}
