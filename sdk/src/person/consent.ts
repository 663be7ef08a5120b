import type { Consent } from '../px.ts';
import { settings } from '../settings.ts';
import { get, set } from './store.ts';

declare global {
  interface Navigator {
    /** Source: W3C Global Privacy Control. */
    readonly globalPrivacyControl?: boolean;
  }
}

/**
 * Gives what the visitor agreed to; undefined while nobody asked them. What was said on this device counts first, then
 * what the browser signals, then what the options make of silence. Global Privacy Control holds for ads whatever was said.
 */
export function agrees(purpose: keyof Consent): boolean | undefined {
  const { gpc = 'ads', dnt, requireConsent, consentMode, tcf } = settings;
  const hasGpc = gpc !== 'ignore' && navigator.globalPrivacyControl;
  const said = get(`choice_${purpose}`);
  if (hasGpc && purpose === 'ads') return false;
  if (said) return said === 'yes';
  if ((hasGpc && gpc === 'all') || (dnt && navigator.doNotTrack === '1')) return false;
  return requireConsent || consentMode || tcf ? undefined : true;
}

/** What the visitor agreed to, at one moment. */
export type Agreed = Readonly<Record<keyof Consent, boolean | undefined>>;

/** Remembers what the visitor said; what they left out stays as it was. */
export function keepChoice(consent: Consent): void {
  for (const purpose of ['analytics', 'ads'] as const) {
    const choice = consent[purpose];
    if (typeof choice === 'boolean') set(`choice_${purpose}`, choice ? 'yes' : 'no');
  }
}
