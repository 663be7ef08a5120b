import type { Consent, InitOptions } from '../px.ts';
import type { Store } from './store.ts';

/** What the browser says of its user's wishes. */
export interface PrivacySignals {
  readonly globalPrivacyControl?: boolean;
  readonly doNotTrack?: string | null;
}

/** What the visitor agreed to; `undefined` while nobody asked them. Never throws. */
export interface ConsentState {
  readonly analytics: () => boolean | undefined;
  readonly ads: () => boolean | undefined;
  /** Changes what is given, and remembers it in the store. */
  readonly set: (consent: Consent) => void;
}

/**
 * Builds the state of consent: what was said on this device before, else what the browser signals, else what the
 * options make of silence. Global Privacy Control holds for ads whatever was said. Source: W3C Global Privacy Control.
 */
export function createConsent(store: Store, options: InitOptions, signals: PrivacySignals): ConsentState {
  const hasGpc = options.gpc !== 'ignore' && signals.globalPrivacyControl;
  const isRefused = (hasGpc && options.gpc === 'all') || (options.dnt && signals.doNotTrack === '1');
  const isSilenceNo = options.requireConsent || options.consentMode || options.tcf;
  const said = (name: string) => (store.get(name) ? store.get(name) === 'yes' : isSilenceNo ? undefined : true);
  return {
    analytics: () => (isRefused && !store.get('analytics') ? false : said('analytics')),
    ads: () => (hasGpc ? false : said('ads')),
    set: (consent) => {
      for (const name of ['analytics', 'ads'] as const) {
        const choice = consent[name];
        if (typeof choice === 'boolean') store.set(name, choice ? 'yes' : 'no');
      }
    },
  };
}
