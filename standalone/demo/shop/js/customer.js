import { measure } from './measure.js';

/** @typedef {{ id: string, name: string }} Customer */

const place = 'moss-kettle-customer';

/** @returns {Customer | null} who has ordered in this browser */
export function readCustomer() {
  try {
    return JSON.parse(localStorage.getItem(place) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * Remembers who orders, and tells the analytics: what was anonymous has a name from here on.
 * @param {{ name: string, email: string }} given
 * @returns {Customer}
 */
export function signIn({ name, email }) {
  const id = readCustomer()?.id ?? `buyer-${crypto.randomUUID().slice(-5)}`;
  const customer = { id, name };
  localStorage.setItem(place, JSON.stringify(customer));
  measure('identify', id, { name, email });
  return customer;
}

/** Forgets the customer: the next event is a stranger's. */
export function signOut() {
  localStorage.removeItem(place);
  measure('reset');
}
