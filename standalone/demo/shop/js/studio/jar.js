import { findIngredient } from './ingredients.js';

const svgNamespace = 'http://www.w3.org/2000/svg';
const inside = { left: 44, right: 216, top: 104, bottom: 348 };
const rowPx = 8.5;
const stepPx = 11;

/** Pieces by shape, drawn around 0,0. @type {Record<string, string>} */
const shapes = {
  leaf: 'M-9 0q9-7 18 0-9 7-18 0z',
  needle: 'M-11 1q11-4 22-1-11 3-22 1z',
  petal: 'M-7 3q0-10 7-9 7-1 7 9-7 4-14 0z',
  peel: 'M-8 4q2-11 12-9l3 4q-8-1-10 6z',
  seed: 'M-5 0a5 3.600 0 1 0 10 0 5 3.600 0 1 0-10 0z',
};

/**
 * Draws the jar, filled in layers.
 * @param {HTMLElement} place emptied first
 * @param {{ id: string, share01: number }[]} shares from the bottom up
 * @param {string} label written on the jar
 */
export function drawJar(place, shares, label) {
  const svg = make('svg', {
    viewBox: '0 0 260 380',
    class: 'jar',
    role: 'img',
    'aria-label': describe(shares),
  });
  svg.append(
    make('ellipse', { cx: 130, cy: 362, rx: 96, ry: 11, class: 'jar-shadow' }),
    make('path', { class: 'jar-glass', d: glassPath }),
    ...drawLayers(shares),
    make('path', { class: 'jar-edge', d: glassPath }),
    make('path', { class: 'jar-shine', d: 'M56 128q-6 90 0 196' }),
    make('path', {
      class: 'jar-lid',
      d: 'M62 26h136q8 0 8 8v30q0 8-8 8H62q-8 0-8-8V34q0-8 8-8z',
    }),
    make('path', { class: 'jar-lid-line', d: 'M56 44h148M56 58h148' }),
  );
  if (label !== '') svg.append(...drawLabel(label));
  place.replaceChildren(svg);
}

const glassPath = 'M64 72h132q4 14 18 22 10 6 10 22v220q0 20-20 20H56q-20 0-20-20V116q0-16 10-22 14-8 18-22z';

/** @param {{ id: string, share01: number }[]} shares */
function drawLayers(shares) {
  const random = createRandom(41);
  let bottom = inside.bottom;
  return shares.flatMap(({ id, share01 }) => {
    const ingredient = findIngredient(id);
    const top = bottom - share01 * (inside.bottom - inside.top);
    const pieces = ingredient === undefined ? [] : scatter(ingredient, top, bottom, random);
    bottom = top;
    return pieces;
  });
}

/**
 * @param {import('./ingredients.js').Ingredient} ingredient
 * @param {number} top
 * @param {number} bottom
 * @param {() => number} random
 */
function scatter(ingredient, top, bottom, random) {
  const pieces = [];
  for (let y = bottom; y > top; y -= rowPx) {
    for (let x = inside.left + 6; x < inside.right - 2; x += stepPx) {
      const colour = ingredient.colours[Math.floor(random() * ingredient.colours.length)] ?? '';
      const turn = Math.round(random() * 180);
      const at = `translate(${(x + random() * 7).toFixed(1)} ${(y - random() * 7).toFixed(1)}) rotate(${turn})`;
      pieces.push(
        make('path', {
          d: shapes[ingredient.shape] ?? '',
          fill: colour,
          transform: at,
        }),
      );
    }
  }
  return pieces;
}

/** @param {string} label */
function drawLabel(label) {
  const text = make('text', {
    x: 130,
    y: 246,
    class: 'jar-name',
    'text-anchor': 'middle',
  });
  text.textContent = label;
  if (label.length > 13) {
    text.setAttribute('textLength', '124');
    text.setAttribute('lengthAdjust', 'spacingAndGlyphs');
  }
  const maker = make('text', {
    x: 130,
    y: 266,
    class: 'jar-maker',
    'text-anchor': 'middle',
  });
  maker.textContent = 'MOSS & KETTLE STUDIO';
  return [
    make('rect', {
      x: 60,
      y: 214,
      width: 140,
      height: 66,
      rx: 8,
      class: 'jar-label',
    }),
    text,
    maker,
  ];
}

/** @param {{ id: string, share01: number }[]} shares */
function describe(shares) {
  if (shares.length === 0) return 'An empty jar';
  const parts = shares.map(({ id, share01 }) => `${Math.round(share01 * 100)} % ${findIngredient(id)?.name}`);
  return `A jar with ${parts.join(', ')}`;
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
function make(tag, attributes) {
  const node = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/** Gives the same numbers for the same seed, so that pieces don't jump about: mulberry32. @param {number} seed */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
