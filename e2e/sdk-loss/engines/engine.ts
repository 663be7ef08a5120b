/** The engines of the loss table, in the order of its columns. */
export const engineNames = ['chromium', 'firefox', 'webkit'] as const;
export type EngineName = (typeof engineNames)[number];

/** How long an address may take to load: a dozen plays share two cores. */
export const navigationTimeoutMs = 90_000;

/** A page in a tab. */
export interface Tab {
  /** Opens an address and waits until it has loaded. */
  goto(url: string): Promise<void>;
  /** Gives the JSON value of an expression, which must not be a promise. Rejects where it throws or the page goes. */
  evaluate(expression: string): Promise<unknown>;
  /** Starts statements in the page, as one task, and waits for nothing: the page may be gone before it answers. */
  start(statements: string): void;
  click(selector: string): Promise<void>;
  close(): Promise<void>;
}

/** A visitor's storage, empty at first, and the tabs that share it. */
export interface Profile {
  openTab(): Promise<Tab>;
  /** Takes the network away from all tabs and gives it back; null where no driver can. */
  readonly setOffline: ((isOffline: boolean) => Promise<void>) | null;
  close(): Promise<void>;
}

/**
 * A browser with one profile, whose renderers may be frozen and killed. It can only be shown an address: not every
 * driver outlives a renderer.
 */
export interface MortalBrowser {
  /** Shows an address, in a new tab or after a new start of the browser, and waits for nothing. */
  show(url: string): Promise<void>;
  /** Freezes the shown page as the engine does with hidden pages, or stops its process where the engine has no such state. */
  freeze(): Promise<void>;
  /** Kills the processes that run pages, by their ids. */
  killRenderers(): Promise<void>;
  close(): Promise<void>;
}

/** A browser and its driver. Close what was opened, then the engine. */
export interface Engine {
  readonly name: EngineName;
  /** As the browser tells it, such as `Firefox 153.7.0`. */
  readonly version: string;
  openProfile(): Promise<Profile>;
  openMortal(): Promise<MortalBrowser>;
  close(): Promise<void>;
}
