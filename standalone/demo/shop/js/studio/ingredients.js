/**
 * @typedef {object} Ingredient
 * @property {string} id
 * @property {string} name
 * @property {string} taste
 * @property {'leaf' | 'needle' | 'petal' | 'peel' | 'seed'} shape how its pieces look in the jar
 * @property {readonly string[]} colours of its pieces
 */

/** One of these is the blend's ground. @type {readonly Ingredient[]} */
export const leaves = [
  {
    id: 'assam',
    name: 'Assam',
    taste: 'malt, dark honey',
    shape: 'leaf',
    colours: ['#5a3a26', '#6f4a2f', '#432a1b'],
  },
  {
    id: 'sencha',
    name: 'Sencha',
    taste: 'grass, broth',
    shape: 'needle',
    colours: ['#4d6b35', '#67863f', '#3c5629'],
  },
  {
    id: 'silver',
    name: 'Silver needle',
    taste: 'hay, melon',
    shape: 'needle',
    colours: ['#b9bd98', '#d3d4b4', '#989d78'],
  },
  {
    id: 'rooibos',
    name: 'Rooibos',
    taste: 'vanilla, no caffeine',
    shape: 'seed',
    colours: ['#b5532c', '#c96a38', '#8f3d20'],
  },
];

/** Up to three of these go with it. @type {readonly Ingredient[]} */
export const botanicals = [
  {
    id: 'orange',
    name: 'Orange peel',
    taste: 'bright',
    shape: 'peel',
    colours: ['#ee9a36', '#e07f22', '#f5b35d'],
  },
  {
    id: 'rose',
    name: 'Rose petals',
    taste: 'soft',
    shape: 'petal',
    colours: ['#d3617f', '#e48aa0', '#b8456a'],
  },
  {
    id: 'cornflower',
    name: 'Cornflower',
    taste: 'blue, mostly',
    shape: 'petal',
    colours: ['#4a66c0', '#6a85d6', '#3a50a0'],
  },
  {
    id: 'cardamom',
    name: 'Cardamom',
    taste: 'warm',
    shape: 'seed',
    colours: ['#a9b36a', '#8c9750', '#c2ca87'],
  },
  {
    id: 'mint',
    name: 'Spearmint',
    taste: 'cool',
    shape: 'leaf',
    colours: ['#4f9560', '#6bb07a', '#3b7a4c'],
  },
  {
    id: 'cacao',
    name: 'Cacao nibs',
    taste: 'bitter, round',
    shape: 'seed',
    colours: ['#4b2a1c', '#633b28', '#351c12'],
  },
];

/** @param {string} id @returns {Ingredient | undefined} */
export function findIngredient(id) {
  return [...leaves, ...botanicals].find((each) => each.id === id);
}
