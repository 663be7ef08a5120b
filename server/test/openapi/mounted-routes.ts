import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** A layer of express's router, as far as it tells what is mounted. */
interface Layer {
  readonly rawPath: string | readonly string[];
  readonly route?: {
    readonly path: string | readonly string[];
    readonly stack: readonly { readonly method?: string }[];
  };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** Gives what the app behind a server really mounts, as `GET /admin/v1/projects/{id}/keys`, sorted. */
export async function findMountedRoutes(url: string): Promise<string[]> {
  const stack: readonly Layer[] = Reflect.get(await findApp(url), 'router').stack;
  return [...new Set(walk(stack, ''))].sort();
}

function walk(stack: readonly Layer[], prefix: string): string[] {
  return stack.flatMap(({ rawPath, route, handle }) => {
    if (route === undefined) return [rawPath].flat().flatMap((path) => walk(handle.stack ?? [], join(prefix, path)));
    // A handler of every method is what refuses the others, and CORS.
    const methods = route.stack.flatMap(({ method }) => (method === undefined ? [] : [method.toUpperCase()]));
    return [route.path]
      .flat()
      .flatMap((path) => methods.map((method) => `${method} ${toTemplate(join(prefix, path))}`));
  });
}

const join = (prefix: string, path: string) => prefix + (path === '/' ? '' : path);
const toTemplate = (path: string) => path.replaceAll(/[:*]([a-z]+)/g, '{$1}');

/** node tells of each request in this process; express's requests know their app. */
async function findApp(url: string): Promise<object> {
  let app: object | undefined;
  const channel = 'http.server.request.start';
  const onRequest = (message: unknown) => {
    app = Reflect.get(Reflect.get(Object(message), 'request'), 'app');
  };
  subscribe(channel, onRequest);
  await fetch(`${url}/health/live`);
  unsubscribe(channel, onRequest);
  if (app === undefined) throw new Error(`No express app answered at ${url}.`);
  return app;
}
