import { vi } from 'vitest';
import { createFakeStorage } from './fake-storage.ts';

/** A cookie jar of one host, which refuses public suffixes and keeps no attributes. */
export interface Jar {
  cookie: string;
  readonly jar: Map<string, string>;
  /** What was written, and taken. */
  readonly written: string[];
}

/** Makes a cookie jar. */
export function createJar(): Jar {
  const jar = new Map<string, string>();
  const written: string[] = [];
  return {
    jar,
    written,
    get cookie() {
      return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    },
    set cookie(text: string) {
      const [name = '', value = ''] = text.split(';')[0]?.split('=') ?? [];
      if (/domain=co\.uk(;|$)/.test(text)) return;
      written.push(text);
      if (/max-age=0/.test(text)) jar.delete(name);
      else jar.set(name, value);
    },
  };
}

/** What a test sets of the browser. */
export interface Browser {
  readonly storage?: Storage;
  readonly jar?: Jar;
  readonly address?: string;
  readonly navigator?: object;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Stands in for as much of a browser's window as the SDK's parts below its capture touch. */
export function stubBrowser({ storage = createFakeStorage(), jar = createJar(), ...browser }: Browser = {}): void {
  const location = new URL(browser.address ?? 'https://www.shop.co.uk/');
  const globals = {
    location,
    navigator: { language: 'de-DE', ...browser.navigator },
    document: Object.assign(jar, { title: 'T', referrer: '', hidden: false }),
    screen: { width: 1920, height: 1080 },
    innerWidth: 1000,
    innerHeight: 500,
    devicePixelRatio: 2,
  };
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  vi.stubGlobal('window', {
    localStorage: storage,
    fetch: browser.fetch,
    setTimeout: (run: () => void, ms: number) => Number(setTimeout(run, ms)),
  });
}

/** Runs the sources anew, as a page of its own: they keep their state in modules. `options` are what `init` is given. */
export async function openFresh(options: object = {}) {
  vi.resetModules();
  const { setSettings } = await import('../src/settings.ts');
  setSettings({ apiKey: 'k', projectId: 'p', endpoint: 'https://px.example', ...options });
  return {
    clock: await import('../src/clock.ts'),
    consent: await import('../src/person/consent.ts'),
    diagnostics: await import('../src/diagnostics.ts'),
    leave: await import('../src/delivery/leave.ts'),
    person: await import('../src/person/person.ts'),
    post: await import('../src/delivery/post.ts'),
    queue: await import('../src/delivery/queue.ts'),
    recover: await import('../src/delivery/recover.ts'),
    send: await import('../src/delivery/send.ts'),
    store: await import('../src/person/store.ts'),
  };
}
