import { startCapture } from './capture/start-capture.ts';
import { loadGzip } from './delivery/load-gzip.ts';
import { openPost } from './delivery/post.ts';
import { beginQueue, entries, remove } from './delivery/queue.ts';
import { recover } from './delivery/recover.ts';
import { count } from './diagnostics.ts';
import { readLanding } from './event/campaign.ts';
import { readPage } from './event/context.ts';
import { doLater } from './later.ts';
import { agrees } from './person/consent.ts';
import { arriveBy, forgetPerson, readPerson, sharePerson } from './person/person.ts';
import { closeStore, openStore } from './person/store.ts';
import type { InitOptions, Px } from './px.ts';
import { setSettings } from './settings.ts';

/** Starts in the browser's window. */
export function start(px: Px, options: InitOptions): void {
  const { search } = location;
  setSettings(options);
  openPost();
  doLater(beginQueue);
  doLater(() => {
    arriveBy(readLanding(search));
    applyConsent();
    doLater(() => options.plugins?.forEach(px.use));
    // What the first view needs, a task each.
    for (const step of [readPerson, readPage, begin]) doLater(step);
  });
  const begin = startCapture();
  loadGzip();
  if (options.consentMode || options.tcf || options.metaCookies || options.decorateParameter) {
    import('./entries/options.ts').then(
      ({ startOptions }) => startOptions(px, options, () => agrees('ads') === true),
      (error) => count('options_missing', 1, error),
    );
  }
}

/** Does what the visitor agreed to: keeps and sends what is held, holds it, or forgets all. */
export function applyConsent(): void {
  const isGiven = agrees('analytics');
  if (isGiven === undefined) return;
  openStore();
  if (isGiven) {
    doLater(sharePerson);
    doLater(recover);
  } else {
    forgetPerson();
    remove(entries);
    closeStore();
  }
}
