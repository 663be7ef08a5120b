import { blendPrice, chooseLeaf, maxBotanicals, toggleBotanical, toShares } from './blend.js';
import { botanicals, findIngredient, leaves } from './ingredients.js';

/**
 * @typedef {object} Step a page of the studio
 * @property {string} path
 * @property {string} name
 * @property {string} heading
 * @property {(blend: import('./blend.js').Blend, change: (blend: import('./blend.js').Blend) => void) => Node[]} draw
 */

/** In the order in which a blend is made. @type {readonly Step[]} */
export const steps = [
  {
    path: '/shop/studio/',
    name: 'Leaf',
    heading: 'Start with a leaf',
    draw: drawLeaves,
  },
  {
    path: '/shop/studio/botanicals',
    name: 'Botanicals',
    heading: 'Add up to three botanicals',
    draw: drawBotanicals,
  },
  {
    path: '/shop/studio/balance',
    name: 'Balance',
    heading: 'Find the balance',
    draw: drawBalance,
  },
  {
    path: '/shop/studio/name',
    name: 'Name',
    heading: 'Name it',
    draw: drawName,
  },
];

/** @type {Step['draw']} */
function drawLeaves(blend, change) {
  return [
    drawChoices(leaves, {
      type: 'radio',
      isChosen: (id) => blend.leaf === id,
      choose: (id) => change(chooseLeaf(blend, id)),
    }),
  ];
}

/** @type {Step['draw']} */
function drawBotanicals(blend, change) {
  return [
    drawChoices(botanicals, {
      type: 'checkbox',
      isChosen: (id) => blend.botanicals.includes(id),
      choose: (id) => change(toggleBotanical(blend, id)),
    }),
    make('p', 'hint', `${blend.botanicals.length} of ${maxBotanicals} chosen`),
  ];
}

/** @type {Step['draw']} */
function drawBalance(blend, change) {
  return toShares(blend).map(({ id, share01 }) => {
    const slider = document.createElement('input');
    slider.type = 'range';
    slider.min = '1';
    slider.max = '9';
    slider.value = String(blend.parts[id] ?? 1);
    slider.id = `parts-${id}`;
    slider.addEventListener('input', () =>
      change({
        ...blend,
        parts: { ...blend.parts, [id]: Number(slider.value) },
      }),
    );
    const share = make('output', '', `${Math.round(share01 * 100)} %`);
    return make('label', 'balance', make('span', '', findIngredient(id)?.name ?? id), slider, share);
  });
}

/** @type {Step['draw']} */
function drawName(blend, change) {
  const input = document.createElement('input');
  input.value = blend.name;
  input.maxLength = 24;
  input.placeholder = 'Sunday long';
  input.id = 'blend-name';
  input.addEventListener('input', () => change({ ...blend, name: input.value }));
  const contents = toShares(blend).map(({ id }) => findIngredient(id)?.name ?? id);
  return [
    make('label', 'name', make('span', '', 'What should the label say?'), input),
    make('p', 'hint', `${contents.join(', ')}. 100 g, €${blendPrice}.`),
  ];
}

/**
 * @param {readonly import('./ingredients.js').Ingredient[]} ingredients
 * @param {{ type: 'radio' | 'checkbox', isChosen: (id: string) => boolean, choose: (id: string) => void }} how
 */
function drawChoices(ingredients, { type, isChosen, choose }) {
  const choices = ingredients.map((ingredient) => {
    const input = document.createElement('input');
    input.type = type;
    input.name = 'choice';
    input.id = `choice-${ingredient.id}`;
    input.checked = isChosen(ingredient.id);
    // A click on the label is passed on to its input: one of the two is enough to measure.
    input.dataset['pxIgnore'] = '';
    input.addEventListener('change', () => choose(ingredient.id));
    const swatch = make('i', 'swatch');
    swatch.style.background = `linear-gradient(135deg, ${ingredient.colours.join(', ')})`;
    const words = make('span', '', make('strong', '', ingredient.name), ' ', make('small', '', ingredient.taste));
    return make('label', 'choice', input, swatch, words);
  });
  return make('div', 'choices', ...choices);
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {...(Node | string)} children
 */
function make(tag, className, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}
