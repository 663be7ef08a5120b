import { findTea } from './catalog.js';
import { measure } from './measure.js';

const product = document.querySelector('[data-product]');
const tea = product instanceof HTMLElement ? findTea(product.dataset['product']) : undefined;
if (tea !== undefined) measure('track', 'product_viewed', { ...tea, currency: 'EUR' });
