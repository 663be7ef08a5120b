import type { Consent } from '../px.ts';

/** What of a TCF answer is read. */
interface TcData {
  readonly eventStatus?: string;
  readonly gdprApplies?: boolean;
  readonly purpose?: { readonly consents?: Readonly<Record<number, boolean>> };
}

declare global {
  interface Window {
    /** Where an IAB TCF v2 consent manager answers. */
    readonly __tcfapi?: (
      command: string,
      version: number,
      callback: (data: TcData | null, isDone: boolean) => void,
    ) => void;
  }
}

/**
 * Tells what a TCF v2 consent manager says once the visitor chose, and at each change: analytics by purposes 1 (storing)
 * and 8 (measuring content), ads by 1, 3 and 4 (profiles, personal ads); all where the GDPR does not apply.
 * Source: IAB TCF v2.2, Consent Management Platform API.
 */
export function watchTcf(source: Pick<Window, '__tcfapi'>, onConsent: (consent: Consent) => void): void {
  source.__tcfapi?.('addEventListener', 2, (data, isDone) => {
    if (!isDone || !data || !/^(tcloaded|useractioncomplete)$/.test(data.eventStatus ?? '')) return;
    const has = (...purposes: number[]) =>
      data.gdprApplies === false || purposes.every((purpose) => data.purpose?.consents?.[purpose] === true);
    onConsent({ analytics: has(1, 8), ads: has(1, 3, 4) });
  });
}
