// The public face, and the source of dist/px.d.ts and px.d.cts: the build copies this text, so it imports nothing.
// Names that are declared here are also the ones that the build must not shorten.

/** What an event or a person carries: JSON, at most 8 deep, 200 keys in all, 8,192 characters a string. The rest is cut. */
export type Properties = { [key: string]: unknown };

/** An event on its way out, as `beforeSend` and plugins see it. */
export interface OutgoingEvent {
  /** 1 to 200 characters. */
  event: string;
  /** UUIDv7, made in the call: one event per id is stored, however often it is sent. */
  readonly event_id: string;
  /** RFC 3339, UTC: when the call was made. */
  readonly timestamp: string;
  /** On `alias` alone: the id that joins the person. */
  user_id?: string;
  /** What the event carries, super properties included. */
  properties?: Properties;
  /** On `identify` and `group`: what is known of the person or the group. */
  traits?: Properties;
}

/** Gives the event to send, nothing where it was changed in place, or `null` to drop it. What it throws drops nothing. */
export type BeforeSend = (event: OutgoingEvent) => OutgoingEvent | null | undefined;

/** A part of its own beside the SDK, such as `@px-platform/sdk/vitals`. */
export interface Plugin {
  /** What it is called in `counts()`. */
  name: string;
  /** Is called once, when the SDK has started. */
  setup?(px: Px): void;
  /** Sees each event, after those of earlier plugins and before `beforeSend`. */
  event?: BeforeSend;
}

/** How one event is recorded. */
export interface TrackOptions {
  /** `true` writes it to the browser's storage before the call returns, not at the end of the task: for a purchase. @defaultValue false */
  critical?: boolean;
}

/** What the visitor agreed to. What is left out stays as it was. */
export interface Consent {
  /** Measuring what they do. */
  analytics?: boolean;
  /** Telling ad networks of it: click ids and their cookies. */
  ads?: boolean;
}

/** When what was tracked is sent: at whichever limit is met first. */
export interface FlushOptions {
  /** Events that wait at most, 1 to 50: the server takes 50 at once. @defaultValue 20 */
  maxEvents?: number;
  /** Bytes of JSON that wait at most, 1,000 to 60,000: a browser lets 64 KiB outlive a page. @defaultValue 48000 */
  maxBytes?: number;
  /** How long an event waits at most, in milliseconds, 0 to 3,600,000: one request for what happens together. @defaultValue 5000 */
  maxWaitMs?: number;
}

/** What is captured without a line of code. */
export interface AutocaptureOptions {
  /** A `page_view` at load, at each navigation inside the page and at a return from the back/forward cache. @defaultValue true */
  pageViews?: boolean;
  /** What makes another page in a single-page app: its path, path and query, or these and the fragment. @defaultValue 'path' */
  pageKey?: 'path' | 'query' | 'hash';
  /** A `click` with the element's path, id, classes and text; never the value of a field. @defaultValue true */
  clicks?: boolean;
  /** `false` leaves the text of what was clicked out, for pages that write personal data on buttons. @defaultValue true */
  clickText?: boolean;
  /** `rage_click` at three clicks within a second on one spot, `dead_click` where a click changed nothing within a second. @defaultValue true */
  troubledClicks?: boolean;
  /** A `scroll` when a view ends: how far down, and how long it was looked at. @defaultValue true */
  scroll?: boolean;
}

/** What `PX.init` takes. */
export interface InitOptions {
  /** The project's browser key, `px_pub_...`. It may only write events, so it may stand in a page. */
  apiKey: string;
  /** The project's id. It keeps two projects on one origin apart in the browser's storage. */
  projectId: string;
  /** Where the collector stands, such as `https://px.example.com` or a path of your own host. @defaultValue the page's own origin */
  endpoint?: string;
  /** `false` captures nothing by itself. @defaultValue true */
  autocapture?: boolean | AutocaptureOptions;
  /** When events are sent. */
  flush?: FlushOptions;
  /** Share of visitors that are measured, 0 to 1; a visitor is in or out for good. @defaultValue 1 */
  sampleRate01?: number;
  /** Changes or drops events before they are kept; several run in order. @defaultValue none */
  beforeSend?: BeforeSend | BeforeSend[];
  /** Parts of their own. @defaultValue none */
  plugins?: Plugin[];
  /** Query parameters whose values never leave, beside those that name a secret. @defaultValue none */
  scrubKeys?: string[];
  /** Holds all in memory until `setConsent` or `optIn`; then keeps and sends it, or throws it away. @defaultValue false */
  requireConsent?: boolean;
  /** Stores nothing on the device: each page load is a visitor of its own. @defaultValue false */
  cookieless?: boolean;
  /** What the browser's Global Privacy Control means: no ads, nothing at all, or no more than any visitor's. @defaultValue 'ads' */
  gpc?: 'ads' | 'all' | 'ignore';
  /** `true` measures nobody who sends Do Not Track, which browsers have given up. @defaultValue false */
  dnt?: boolean;
  /** Reads the visitor's choice from Google Consent Mode v2 (`dataLayer`). @defaultValue false */
  consentMode?: boolean;
  /** Reads the visitor's choice from an IAB TCF v2 consent manager (`__tcfapi`). @defaultValue false */
  tcf?: boolean;
  /** Domain of the cookies; '' for this host alone. @defaultValue the site's root domain, so that its subdomains share a visitor */
  cookieDomain?: string;
  /** Keeps or makes Meta's `_fbp` and `_fbc` cookies, and adds them to every event as `fbp` and `fbc`, while ads are agreed to. @defaultValue false */
  metaCookies?: boolean;
  /** Parameter that a click on a link marked `data-px-decorate` adds to its address, with a new id; the mark's own value outranks it. The id is recorded as `link_decorated`. @defaultValue none: links stay as they are */
  decorateParameter?: string;
  /** Writes what is recorded and counted to the console. @defaultValue false */
  debug?: boolean;
  /** Is told what was dropped, retried or failed, such as `console.debug`. @defaultValue silence */
  onDiagnostic?: (message: string, detail?: unknown) => void;
}

/** What other events of ours carry: `group` (and all after it), `alias`, `link_decorated`, `events_dropped`. */
export interface OtherProperties extends Properties {
  /** The group that the person belongs to. */
  group_id?: string;
  /** The id by which the person was known. */
  previous_id?: string;
  /** The id that was added to a link, and where it leads. */
  click_id?: string;
  host?: string;
  path?: string;
  /** Events that the queue's bounds cost since the last one. */
  count?: number;
  /** Meta's browser and click id, by `metaCookies`. */
  fbp?: string;
  fbc?: string;
}

/** What a `click`, `rage_click` or `dead_click` carries. */
export interface ClickProperties extends Properties {
  /** CSS path to the element, at most 255 characters. */
  selector: string;
  tag: string;
  id?: string;
  classes?: string[];
  /** At most 64 characters. */
  text?: string;
  /** Of a link; of `mailto:` and the like the scheme alone. */
  href?: string;
  /** Where a link leads, if not to a page of this host. */
  link?: 'outbound' | 'download';
  /** The `data-px-*` attributes. */
  data?: Record<string, string>;
}

/** The campaign or ad click that brought a visitor. */
export interface Touch {
  /** RFC 3339, UTC. */
  at: string;
  /** Of `utm_*`. */
  campaign?: Record<string, string>;
  /** By the ad network's parameter, such as `gclid`. */
  click_ids?: Record<string, string>;
}

/** What a `page_view` carries where a campaign or an ad click ever brought this visitor. */
export interface PageViewProperties extends Properties {
  first_touch?: Touch;
  last_touch?: Touch;
}

/** What a `scroll` carries. */
export interface ScrollProperties extends Properties {
  /** Deepest share of the page that was seen, 0 to 1. */
  depth01: number;
  /** Milliseconds that it was looked at: visible, with a sign of life in the last 30 s. */
  engaged_ms: number;
}

/** The SDK. No method ever throws; what cannot be done is counted, and told to `onDiagnostic`. */
export interface Px {
  /** Starts capturing. The first call holds; later ones change nothing. Outside a browser it does nothing. */
  init(options: InitOptions): void;
  /** Records one event. Called before `init`, it waits for it, with the time of the call. */
  track(event: string, properties?: Properties, options?: TrackOptions): void;
  /** Names the person from now on, on this device; sends what is known of them as traits. */
  identify(userId: string, traits?: Properties): void;
  /** Records a `page_view` of the current address, for pages that turned the automatic one off. */
  page(properties?: Properties): void;
  /** Says that the person belongs to a group, such as a company, from now on; sends what is known of it as traits. */
  group(groupId: string, traits?: Properties): void;
  /** Says that the person is known by another id too. */
  alias(userId: string): void;
  /** Adds properties to every event from now on, on this device. */
  register(properties: Properties): void;
  /** Takes a property of `register` back. */
  unregister(name: string): void;
  /** Forgets the person: a new anonymous id, a new session, no super properties. Call it at log-out. */
  reset(): void;
  /** Measures nothing from now on, forgets what waits and what was stored; remembered on this device. */
  optOut(): void;
  /** Measures from now on; remembered on this device. */
  optIn(): void;
  /** Says what the visitor agreed to; remembered on this device. */
  setConsent(consent: Consent): void;
  /** Adds a plugin. */
  use(plugin: Plugin): void;
  /** Calls back once `init` has started the SDK. */
  ready(callback: (px: Px) => void): void;
  /** Sends what waits. Resolves when each event was acknowledged, refused or put off; never rejects. */
  flush(): Promise<void>;
  /** How many events were dropped, retried or refused on this page, by reason. */
  counts(): Record<string, number>;
  /** An SDK of its own under a name, the same at each call, to be started by its own `init`: for a second project. */
  instance(name: string): Px;
}
