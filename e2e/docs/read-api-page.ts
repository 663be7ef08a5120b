import { readFileSync } from 'node:fs';

/** A route as a table of the page names it. */
export interface ListedRoute {
  readonly method: string;
  /** With `<id>` and `:file` where any value may stand. */
  readonly path: string;
}

/** A curl line of the page, with what stands above it. */
export interface CurlLine {
  /** As it is to be pasted, over several lines perhaps. */
  readonly command: string;
  readonly method: string;
  /** As the line has it: without the query, with its variables. */
  readonly path: string;
  readonly status: number;
  /** Fields of the answer, which is then JSON. */
  readonly fields: readonly string[];
}

const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');

/** Gives the routes of the page's tables; `/admin/v1/*` stands for a table of its own. */
export function readRoutes(): ListedRoute[] {
  const cells = [...page.matchAll(/^\| (`[^|]*`) \|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => {
    let method = '';
    return [...cell.matchAll(/`(?:(GET|POST|PUT|PATCH|DELETE) )?(\/[^`?]*)[^`]*`/g)].flatMap(([, verb, path = '']) => {
      method = verb ?? method;
      return method === '' ? [] : [{ method, path }];
    });
  });
}

/** Gives the curl lines of the page's shell examples, in their order. Throws where one has no status above it. */
export function readCurlLines(): CurlLine[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    [...block.matchAll(/^(#[^\n]*\n)?(curl (?:[^\n]|\n +)*)$/gm)].map(([, above = '', command = '']) => {
      const [, status, fields = ''] = /^# (\d{3})(?: \{([^}]*)\})?/.exec(above) ?? [];
      const [, path = ''] = /\$PX_URL(\/[^\s"'?]*)/.exec(command) ?? [];
      if (status === undefined || path === '') throw new Error(`No status stands above, or no path in: ${command}`);
      const method = /-X (\w+)/.exec(command)?.[1] ?? 'GET';
      return { command, method, path, status: Number(status), fields: fields.split(', ').filter(Boolean) };
    }),
  );
}

/** Says whether a line asks this route. */
export function asks(line: CurlLine, route: ListedRoute): boolean {
  const pattern = route.path.replace(/<\w+>|:\w+/g, '[^/]+');
  return line.method === route.method && new RegExp(`^${pattern}$`).test(line.path);
}
