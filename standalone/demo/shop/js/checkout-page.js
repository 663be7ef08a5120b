import { emptyBasket, readBasket, toTotal } from './basket.js';
import { signIn } from './customer.js';
import { measure } from './measure.js';

const lines = readBasket();
const form = document.querySelector('#checkout');
const due = document.querySelector('#due');
if (due !== null) due.textContent = lines.length === 0 ? 'Your basket is empty' : `€${toTotal(lines)} in all`;
if (lines.length > 0)
  measure('track', 'checkout_started', {
    value: toTotal(lines),
    currency: 'EUR',
  });

form?.addEventListener('submit', (submission) => {
  submission.preventDefault();
  if (!(form instanceof HTMLFormElement) || lines.length === 0) return;
  const given = new FormData(form);
  const order = `MK-${Date.now().toString(36).slice(-5).toUpperCase()}`;
  const customer = signIn({
    name: String(given.get('name')),
    email: String(given.get('email')),
  });
  measure('track', 'order_completed', {
    order,
    value: toTotal(lines),
    currency: 'EUR',
    items: lines.map(({ sku, quantity, price }) => ({ sku, quantity, price })),
    delivery: given.get('delivery'),
    has_letter: given.has('letter'),
  });
  sessionStorage.setItem('moss-kettle-order', JSON.stringify({ order, name: customer.name }));
  emptyBasket();
  location.assign('/shop/thanks');
});
