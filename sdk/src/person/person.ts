import { createId } from '../event/uuid-v7.ts';
import { settings } from '../settings.ts';
import { readCookie, writeCookie } from './cookie.ts';
import { get, isStored, set, toKey } from './store.ts';

const maxIdleMs = 30 * 60_000;
const maxLengthMs = 24 * 60 * 60_000;
/** The record is written at most this often: the idle time is right to within it. */
const writeEveryMs = 5_000;
/** Anonymous id, session, epoch ms of its begin and of its last event, its campaign. */
const record = /^([\w-]{8,200})\|([\w-]{8,200})\|(\d+)\|(\d+)\|(.*)$/;
const recordName = 'person';
/** What this page was arrived at by, until it has begun its session; '' for nothing. */
let arrivedBy = '';

/** Who the visitor is, and in which session. */
export type Person = readonly [anonymousId: string, sessionId: string];

/**
 * Gives the person and the session of this moment, and keeps the session alive. One record for all tabs of an origin and,
 * by a cookie, for the subdomains of a site. A session ends after 30 min without an event or at 24 h, never at midnight,
 * and a page that was arrived at by a new campaign starts one, once: tabs of two campaigns would else end each other's for
 * ever. The device's clock counts, which all tabs share; one that was set back ends nothing. Never throws. Source: contract 4.
 */
export function readPerson(): Person {
  const wall = Date.now();
  let anonymousId = '';
  for (const read of [() => get(recordName), readShared]) {
    // The second look, before a session ends: another subdomain may have kept it alive.
    const [, id, sessionId, startedAt, lastAt, campaign] = record.exec(read()) ?? [];
    if (!id || !sessionId) continue;
    anonymousId = id;
    const isAlive = wall - Number(lastAt) <= maxIdleMs && wall - Number(startedAt) <= maxLengthMs;
    if (!isAlive || (arrivedBy && arrivedBy !== campaign)) continue;
    arrivedBy = '';
    if (Math.abs(wall - Number(lastAt)) >= writeEveryMs) write([id, sessionId, startedAt, wall, campaign].join('|'));
    return [id, sessionId];
  }
  const person: Person = [anonymousId || createId(), createId()];
  write([...person, wall, wall, arrivedBy].join('|'));
  arrivedBy = '';
  return person;
}

/** A page that was arrived at by a campaign of its own begins a session. */
export function arriveBy(campaign: string): void {
  arrivedBy = campaign;
}

/** From now on the record is shared by a cookie, which outranks the storage: some browsers clear that after a week. */
export function sharePerson(): void {
  const shared = readShared();
  const known = get(recordName);
  if (record.test(shared)) set(recordName, shared);
  else if (known) write(known);
}

/** Makes the visitor unknown; the next look gives a new person and a new session. */
export function forgetPerson(): void {
  write('');
}

function readShared(): string {
  return isStored() ? readCookie(toCookieName()) : '';
}

function toCookieName(): string {
  return toKey(recordName).replace(/[^\w-]/g, '_');
}

function write(text: string): void {
  set(recordName, text);
  if (isStored()) writeCookie(toCookieName(), text, settings.cookieDomain);
}
