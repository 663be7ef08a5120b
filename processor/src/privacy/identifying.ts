import { clickSources } from '../channel/click-ids.ts';
import type { IsRemoved } from './remove-from.ts';

/** Stands where the value of a click id was: that an ad led here is no personal datum, which click it was is one. */
export const redacted = 'redacted';

/** Keys, in small letters, digits and `$` alone, under which programs keep who somebody is, or how to find them again. */
const identifyingKeys: ReadonlySet<string> = new Set([
  ...'email emailaddress useremail mail phone phonenumber mobile mobilenumber telephone tel'.split(' '),
  ...'firstname lastname fullname middlename givenname familyname surname username nickname displayname login'.split(
    ' ',
  ),
  ...'userid anonymousid distinctid personid customerid clientid memberid accountid visitorid deviceid'.split(' '),
  ...'externalid previousid sessionid groupid contactid subscriberid employeeid fingerprint'.split(' '),
  ...'ip ipaddress ipv4 ipv6 useragent cookie cookies token accesstoken refreshtoken password'.split(' '),
  ...'street streetaddress address addressline1 addressline2 zip zipcode postalcode postcode'.split(' '),
  ...'latitude longitude lat lng lon birthday birthdate dateofbirth dob age gender'.split(' '),
  ...'ssn socialsecuritynumber taxid passport passportnumber iban cardnumber creditcard cpf cnpj'.split(' '),
  ...'fbp fbc idfa idfv gaid advertisingid adid clickids firsttouch lasttouch $set $setonce $unset'.split(' '),
  ...[...clickSources.keys()].map(toPlainKey),
]);

function toPlainKey(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9$]/g, '');
}

/** Bounded, so that no text makes the search slow. */
const mailAddress = /[^\s/?&=#"'<>,;]{1,64}(?:@|%40)[^\s/?&=#"'<>,;@]{1,190}\.[a-z]{2,24}/gi;

/** Says whether a property tells who somebody is: by its key, or since its text holds a mail address. */
export const isIdentifying: IsRemoved = (key, value) =>
  identifyingKeys.has(toPlainKey(key)) || (typeof value === 'string' && hideMails(value) !== value);

/** Gives the text with `redacted` in place of mail addresses. */
export function hideMails(text: string): string {
  return text.includes('@') || text.includes('%40') ? text.replaceAll(mailAddress, redacted) : text;
}

const clickParameter = new RegExp(`([?&#;](?:${[...clickSources.keys()].join('|')})=)[^&#;]+`, 'gi');

/** Gives an address, or its query with the '?', with `redacted` for the values of click ids. */
export function hideClicks(address: string): string {
  return address.includes('=') ? address.replaceAll(clickParameter, `$1${redacted}`) : address;
}

/** Gives click ids by their names, each `redacted`. */
export function hideClickValues(clickIds: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(clickIds).map((name) => [name, clickIds[name] === '' ? '' : redacted]));
}

/**
 * Gives an address, or its query with the '?', without what may name a visitor: its fragment, its parameters but for campaign
 * tags and (redacted) click ids, mail addresses in its path.
 */
export function cutAddress(address: string): string {
  const [whole = ''] = address.split('#', 1);
  const start = whole.indexOf('?');
  if (start < 0) return hideMails(whole);
  const kept = whole
    .slice(start + 1)
    .split('&')
    .filter((parameter) => isCampaign(parameter.split('=', 1)[0] ?? ''));
  const query = kept.length === 0 ? '' : `?${kept.join('&')}`;
  return hideMails(hideClicks(whole.slice(0, start) + query));
}

function isCampaign(name: string): boolean {
  const key = name.toLowerCase();
  return key.startsWith('utm_') || clickSources.has(key);
}
