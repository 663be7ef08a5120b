/** @typedef {{ sku: string, name: string, kind: string, price: number }} Tea price in whole euros */

/** What the shop sells. @type {readonly Tea[]} */
export const catalog = [
  { sku: 'harbour-fog', name: 'Harbour Fog', kind: 'black', price: 14 },
  { sku: 'first-light', name: 'First Light', kind: 'green', price: 12 },
  { sku: 'ember-road', name: 'Ember Road', kind: 'black', price: 13 },
  { sku: 'night-garden', name: 'Night Garden', kind: 'herbal', price: 11 },
  { sku: 'moss-path', name: 'Moss Path', kind: 'green', price: 12 },
  { sku: 'paper-lantern', name: 'Paper Lantern', kind: 'white', price: 15 },
];

/** @param {string | undefined} sku @returns {Tea | undefined} */
export function findTea(sku) {
  return catalog.find((tea) => tea.sku === sku);
}
