import { addToBasket } from '../basket.js';
import { measure } from '../measure.js';
import { blendPrice, emptyBlend, keepBlend, readBlend, toShares } from './blend.js';
import { findIngredient } from './ingredients.js';
import { drawJar } from './jar.js';
import { steps } from './steps.js';

const jar = document.querySelector('#jar');
const view = document.querySelector('#step');
let blend = readBlend();

function presentStep() {
  return Math.max(
    steps.findIndex((step) => step.path === location.pathname),
    0,
  );
}

/** @param {number} index goes to a step as a link would, without loading a page */
function goTo(index) {
  const step = steps[index];
  if (step === undefined) return;
  // The title first: whoever watches the history reads it there.
  document.title = toTitle(step);
  history.pushState(null, '', step.path);
  draw();
  if (view instanceof HTMLElement) view.focus();
}

/** @param {import('./steps.js').Step} step */
function toTitle(step) {
  return `${step.name} · Blend studio · Moss & Kettle`;
}

/** @param {import('./blend.js').Blend} next */
function change(next) {
  if (next.leaf !== blend.leaf) measure('track', 'blend_leaf_chosen', { leaf: next.leaf });
  for (const id of next.botanicals) {
    if (!blend.botanicals.includes(id)) measure('track', 'blend_botanical_added', { botanical: id });
  }
  blend = next;
  keepBlend(blend);
  draw();
}

function finish() {
  const parts = toShares(blend).map(({ id }) => findIngredient(id)?.name ?? id);
  const name = blend.name.trim() || 'Sunday long';
  measure('track', 'blend_finished', { name, parts, price: blendPrice });
  addToBasket({
    sku: `blend-${name.toLowerCase().replaceAll(/\W+/g, '-')}`,
    name,
    price: blendPrice,
    parts,
  });
  keepBlend(emptyBlend);
  location.assign('/shop/cart');
}

function draw() {
  const index = presentStep();
  const step = steps[index];
  if (step === undefined || !(view instanceof HTMLElement) || !(jar instanceof HTMLElement)) return;
  const focused = document.activeElement?.id ?? '';
  document.title = toTitle(step);
  drawJar(jar, toShares(blend), index === steps.length - 1 ? blend.name || 'Sunday long' : '');
  const heading = document.createElement('h1');
  heading.textContent = step.heading;
  view.replaceChildren(drawTrail(index), heading, ...step.draw(blend, change), drawButtons(index));
  // What is drawn anew lost the focus; an element of the same id takes it up.
  if (focused !== '' && focused !== view.id) refocus(focused);
}

/** @param {string} id */
function refocus(id) {
  const again = document.getElementById(id);
  again?.focus();
  if (again instanceof HTMLInputElement && again.type === 'text') again.setSelectionRange(-1, -1);
}

/** @param {number} present */
function drawTrail(present) {
  const trail = document.createElement('ol');
  trail.className = 'trail';
  steps.forEach((step, index) => {
    const link = document.createElement('a');
    link.textContent = step.name;
    link.href = step.path;
    if (index === present) link.setAttribute('aria-current', 'step');
    link.addEventListener('click', (click) => {
      click.preventDefault();
      if (index <= present || blend.leaf !== '') goTo(index);
    });
    const item = document.createElement('li');
    item.append(link);
    trail.append(item);
  });
  return trail;
}

/** @param {number} index */
function drawButtons(index) {
  const isLast = index === steps.length - 1;
  const next = document.createElement('button');
  next.type = 'button';
  next.id = 'next';
  next.className = 'button';
  next.textContent = isLast ? `Add to basket, €${blendPrice}` : 'Next';
  next.disabled = blend.leaf === '';
  next.addEventListener('click', () => (isLast ? finish() : goTo(index + 1)));
  const row = document.createElement('p');
  row.className = 'actions';
  row.append(next);
  if (index === 0) return row;
  const back = document.createElement('button');
  back.type = 'button';
  back.className = 'button quiet';
  back.textContent = 'Back';
  back.addEventListener('click', () => goTo(index - 1));
  row.append(back);
  return row;
}

window.addEventListener('popstate', draw);
draw();
