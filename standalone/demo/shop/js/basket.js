import { measure } from './measure.js';

/** @typedef {{ sku: string, name: string, price: number, quantity: number, parts?: string[] }} Line price in euros */

const place = 'moss-kettle-basket';

/** @returns {Line[]} what is in the basket; empty where this browser keeps nothing readable */
export function readBasket() {
  try {
    const lines = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(lines) ? lines : [];
  } catch {
    return [];
  }
}

/** @param {Line[]} lines */
function write(lines) {
  localStorage.setItem(place, JSON.stringify(lines));
  window.dispatchEvent(new CustomEvent('basket'));
}

/**
 * Puts one more into the basket.
 * @param {Omit<Line, 'quantity'>} item
 */
export function addToBasket(item) {
  const lines = readBasket();
  const held = lines.find((line) => line.sku === item.sku);
  if (held === undefined) lines.push({ ...item, quantity: 1 });
  else held.quantity += 1;
  write(lines);
  measure('track', 'product_added', {
    ...item,
    quantity: held?.quantity ?? 1,
    currency: 'EUR',
  });
}

/**
 * Sets how many of one thing; none takes it out.
 * @param {string} sku
 * @param {number} quantity
 */
export function setQuantity(sku, quantity) {
  const lines = readBasket();
  const held = lines.find((line) => line.sku === sku);
  if (held === undefined) return;
  const isMore = quantity > held.quantity;
  held.quantity = quantity;
  write(lines.filter((line) => line.quantity > 0));
  measure('track', isMore ? 'product_added' : 'product_removed', {
    sku,
    name: held.name,
    quantity,
    currency: 'EUR',
  });
}

/** Leaves nothing in the basket. */
export function emptyBasket() {
  write([]);
}

/** @param {Line[]} lines @returns {number} euros */
export function toTotal(lines) {
  return lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
}
