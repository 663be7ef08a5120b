import { readBasket, setQuantity, toTotal } from './basket.js';
import { findTea } from './catalog.js';

/** @param {string} id */
const place = (id) => document.getElementById(id) ?? document.body;

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

/** @param {import('./basket.js').Line} line */
function drawLine(line) {
  const picture = document.createElement('img');
  picture.src = `/shop/art/${findTea(line.sku)?.sku ?? 'moss-path'}.svg`;
  picture.alt = '';
  return make(
    'li',
    'line',
    picture,
    make(
      'div',
      'line-name',
      make('strong', '', line.name),
      make('span', 'kind', line.parts?.join(', ') ?? '100 g tin'),
    ),
    make(
      'div',
      'stepper',
      drawStep('−', `One ${line.name} less`, () => setQuantity(line.sku, line.quantity - 1)),
      make('span', '', String(line.quantity)),
      drawStep('+', `One ${line.name} more`, () => setQuantity(line.sku, line.quantity + 1)),
    ),
    make('span', 'price', `€${line.price * line.quantity}`),
  );
}

/** @param {string} sign @param {string} label @param {() => void} act */
function drawStep(sign, label, act) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = sign;
  button.setAttribute('aria-label', label);
  button.addEventListener('click', () => {
    act();
    // The line has been drawn anew; whoever steps by keyboard goes on from the same button.
    const again = document.querySelector(`button[aria-label="${CSS.escape(label)}"]`);
    if (again instanceof HTMLElement) again.focus();
  });
  return button;
}

function draw() {
  const lines = readBasket();
  place('lines').replaceChildren(...lines.map(drawLine));
  place('nothing').hidden = lines.length > 0;
  place('sum').hidden = lines.length === 0;
  place('total').textContent = `€${toTotal(lines)}`;
}

window.addEventListener('basket', draw);
draw();
