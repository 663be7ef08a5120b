import { addToBasket, readBasket } from './basket.js';
import { findTea } from './catalog.js';
import { readCustomer, signOut } from './customer.js';

const pages = [
  { href: '/shop/teas/', name: 'Teas' },
  { href: '/shop/studio/', name: 'Blend studio' },
  { href: '/shop/about', name: 'Our story' },
];

const headerMarkup = `
  <a class="skip" href="#main">Skip to content</a>
  <header class="head">
    <a class="logo" href="/shop/">
      <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M6 15q0-5 9-5t9 5l2 9q0 3-4 3H8q-4 0-4-3z"/><path d="M24 18q4 0 5-6" fill="none" stroke="currentColor" stroke-width="3"/><path d="M8 11q0-7 7-7t7 7" fill="none" stroke="currentColor" stroke-width="2"/></svg>
      Moss &amp; Kettle
    </a>
    <nav aria-label="Shop"></nav>
    <a class="basket" href="/shop/cart">Basket <span class="count" aria-label="0 items">0</span></a>
  </header>`;

const footerMarkup = `
  <footer class="foot">
    <p>Moss &amp; Kettle is a sample shop. It sells nothing; it shows what PX measures.</p>
    <p class="who"></p>
  </footer>`;

class ShopHeader extends HTMLElement {
  connectedCallback() {
    this.innerHTML = headerMarkup;
    const nav = this.querySelector('nav');
    for (const { href, name } of pages) {
      const link = document.createElement('a');
      link.href = href;
      link.textContent = name;
      if (location.pathname.startsWith(href)) link.setAttribute('aria-current', 'page');
      nav?.append(link);
    }
    this.count();
    window.addEventListener('basket', () => this.count());
  }

  count() {
    const items = readBasket().reduce((sum, line) => sum + line.quantity, 0);
    const badge = this.querySelector('.count');
    if (badge === null) return;
    badge.textContent = String(items);
    badge.setAttribute('aria-label', `${items} ${items === 1 ? 'item' : 'items'}`);
    badge.classList.toggle('has-items', items > 0);
  }
}

class ShopFooter extends HTMLElement {
  connectedCallback() {
    this.innerHTML = footerMarkup;
    const customer = readCustomer();
    if (customer === null) return;
    const leave = document.createElement('button');
    leave.type = 'button';
    leave.className = 'link';
    leave.textContent = 'Sign out';
    leave.addEventListener('click', () => {
      signOut();
      location.reload();
    });
    this.querySelector('.who')?.append(`Signed in as ${customer.name}. `, leave);
  }
}

customElements.define('shop-header', ShopHeader);
customElements.define('shop-footer', ShopFooter);

document.addEventListener('click', (click) => {
  const button = click.target instanceof Element ? click.target.closest('[data-add]') : null;
  const tea = button instanceof HTMLElement ? findTea(button.dataset['add']) : undefined;
  if (button === null || tea === undefined) return;
  addToBasket(tea);
  button.classList.add('is-added');
  setTimeout(() => button.classList.remove('is-added'), 1_200);
});

document.addEventListener('DOMContentLoaded', () => document.querySelector('main')?.setAttribute('id', 'main'));
