import { clickIdNames } from '../event/campaign.ts';
import { agrees } from '../person/consent.ts';
import { settings } from '../settings.ts';

/** Parameters whose values name or let in a person: by a word in their name, short ones as a word of its own. */
const secretName =
  /auth|card|cnpj|cpf|cvc|cvv|e-?mail|iban|jwt|passw|passp|passc|phone|pwd|secret|session|signature|ssn|token|(^|[^a-z]|[a-z](?=[A-Z]))(api|access|code|key|otp|pass|pin|sid|sig|tel)($|[^a-z])/i;
/**
 * Mail addresses; cards and documents such as CPF, CNPJ and SSN by their shape: 11 digits and more in groups, or 11, 14,
 * 15, 16 or 19 (13 after a 4) in one piece, or 3-2-4. Other long numbers stay, since they are ids and times.
 */
const suspicious =
  /[\w.+-]+(@|%40)[\w-]+\.[\w.-]+|(^|\D)(\d{11}|\d{14,16}|\d{19}|4\d{12}|\d{3}-\d\d-\d{4}|(?=\d+[ .-])\d([ .-]?\d|\/(?=\d{4}-)){10,})(?!\d)/g;

/** Hides in an address, or in JSON that was captured, the values of query parameters that name a secret (and of `scrubKeys`) and what looks like a person's. Never throws. */
export function scrub(text: string): string {
  return text
    .replace(/([?&#;])([^=&#?;"\s]+=)[^&#;"\s]*/g, (all, before: string, name: string) => {
      const key = name.slice(0, -1);
      // A click id is taken out whole: a value of any kind would be taken for one.
      if (!agrees('ads') && ` ${clickIdNames} `.includes(` ${key} `)) return before;
      return settings.scrubKeys?.includes(key) || secretName.test(key) ? `${before}${name}*` : all;
    })
    .replace(suspicious, '$2*');
}
