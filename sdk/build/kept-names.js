import { readFileSync } from 'node:fs';

/** Files that say which names are read or written outside the SDK: its public face and parts, the wire, the collector's answers. */
const outside = [
  '../src/px.ts',
  '../src/entries/errors.ts',
  '../src/entries/forms.ts',
  '../src/entries/vitals.ts',
  '../../schemas/src/wire-event.ts',
  '../../schemas/src/http-answers.ts',
];

/** Names of browsers and of other people's scripts that the minifier's own list of built-ins does not know. */
const foreign = [
  // Called by browsers, and not in the minifier's list.
  'handleEvent',
  'ifAvailable',
  // The stub's queue of calls.
  '_q',
  // Global Privacy Control, prerendering, IAB TCF, Google Consent Mode.
  'globalPrivacyControl',
  'prerendering',
  '__tcfapi',
  'eventStatus',
  'gdprApplies',
  'purpose',
  'consents',
  'dataLayer',
  // `error` of a problem, in http-answers by another file.
  'error',
  // What files give each other that are minified apart.
  'gzip',
  'startOptions',
];

/** Gives every name that the minifier must leave as it is. */
export function keptNames() {
  const names = outside.flatMap((path) => {
    const code = readFileSync(new URL(path, import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    return code.match(/[A-Za-z_]\w*/g) ?? [];
  });
  return [...new Set([...names, ...foreign])].sort();
}
