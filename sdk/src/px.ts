// The public face, and the source of dist/px.d.ts and px.d.cts: the build copies this text, so it imports nothing.

/** What an event or a person carries: JSON, at most 8 deep, 200 keys in all, 8,192 characters a string. The rest is cut. */
export type Properties = { [key: string]: unknown };

/** When what was tracked is sent: at whichever limit is met first. */
export interface FlushOptions {
  /** Events that wait at most, 1 to 50. @defaultValue 20 */
  maxEvents?: number;
  /** Bytes of JSON that wait at most, 1,000 to 60,000. @defaultValue 30000 */
  maxBytes?: number;
  /** How long an event waits at most, in milliseconds, at least 0. @defaultValue 2000 */
  maxWaitMs?: number;
}

/** What is captured without a line of code. */
export interface AutocaptureOptions {
  /** A `page_view` at load, at each history navigation and at a return from the back/forward cache. @defaultValue true */
  pageViews?: boolean;
  /** A `click` with the element's path, id, classes and text; never the value of a field. @defaultValue true */
  clicks?: boolean;
}

/** What `PX.init` takes. */
export interface InitOptions {
  /** The project's browser key, `px_pub_...`. */
  apiKey: string;
  /** The project's id. It keeps two projects on one origin apart in the browser's storage. */
  projectId: string;
  /** Where the collector stands, such as `https://px.example.com`. @defaultValue the page's own origin */
  endpoint?: string;
  /** `false` captures nothing by itself. @defaultValue true */
  autocapture?: boolean | AutocaptureOptions;
  /** When events are sent. */
  flush?: FlushOptions;
  /** Is told what was dropped, retried or failed, such as `console.debug`. @defaultValue silence */
  onDiagnostic?: (message: string, detail?: unknown) => void;
}

/** The SDK. No method ever throws; what cannot be done is counted, and told to `onDiagnostic`. */
export interface Px {
  /** Starts capturing. The first call holds; later ones change nothing. Outside a browser it does nothing. */
  init(options: InitOptions): void;
  /** Records one event. Called before `init`, it waits for it, with the time of the call. */
  track(event: string, properties?: Properties): void;
  /** Names the person from now on, on this device; sends what is known of them as traits. */
  identify(userId: string, traits?: Properties): void;
  /** Records a `page_view` of the current address, for pages that turned the automatic one off. */
  page(properties?: Properties): void;
  /** Sends what waits. Resolves when each event was acknowledged, refused or put off; never rejects. */
  flush(): Promise<void>;
  /** Forgets the person: a new anonymous id and a new session. Call it at log-out. */
  reset(): void;
  /** How many events were dropped, retried or refused on this page, by reason. */
  counts(): Record<string, number>;
}
