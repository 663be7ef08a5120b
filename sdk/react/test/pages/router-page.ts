import { PXProvider } from '@px-platform/react';
import { RouterPageViews } from '@px-platform/react/react-router';
import { createElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import {
  BrowserRouter,
  createBrowserRouter,
  Link,
  Outlet,
  type RouteObject,
  RouterProvider,
  useNavigate,
  useRoutes,
} from 'react-router';

const { options } = window;
const paths = ['/', '/teas/ember', '/teas/moss', '/files/a/b', '/teas/moss?sort=up'];

/** Links that a test clicks by their text, and one that only changes the query, in place. */
function Links() {
  const navigate = useNavigate();
  const links = paths.map((path) => createElement(Link, { key: path, to: path }, path));
  const replace = () => navigate('?filter=1', { replace: true });
  return createElement(
    'nav',
    null,
    links,
    createElement('button', { type: 'button', id: 'filter', onClick: replace }, 'Filter'),
    createElement(Outlet),
  );
}

const leaves: RouteObject[] = [
  { index: true, element: 'home' },
  { path: 'teas', children: [{ path: ':slug', element: 'tea' }] },
  { path: 'files/*', element: 'file' },
];

/** The way of data routers: the provider in the root route. */
function withRootRoute() {
  const pageViews = createElement(RouterPageViews, location.search === '?by-query' ? { pageKey: 'query' } : {});
  const root = createElement(PXProvider, { options, pageViews }, createElement(Links));
  return createElement(RouterProvider, {
    router: createBrowserRouter([{ path: '/', element: root, children: leaves }]),
  });
}

const routes: RouteObject[] = [{ path: '/', element: createElement(Links), children: leaves }];
const Routes = () => useRoutes(routes);

/** The declarative way: the provider around the routes, under a base. */
function aroundRoutes() {
  const pageViews = createElement(RouterPageViews, { routes });
  const app = createElement(PXProvider, { options, pageViews }, createElement(Routes));
  return createElement(BrowserRouter, { basename: '/base' }, app);
}

const place = document.querySelector('#app');
const app = location.pathname.startsWith('/base') ? aroundRoutes() : withRootRoute();
if (place) createRoot(place).render(createElement(StrictMode, null, app));
