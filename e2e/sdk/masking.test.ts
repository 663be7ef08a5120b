import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSdkHarness, type SdkHarness } from '../src/sdk-harness.ts';

const documents = 10_000;
const seed = 20_260_301;

let harness: SdkHarness;
let page: Page;
beforeAll(async () => {
  // Every event is kept for the test and dropped: what beforeSend sees is what would leave, but for the page's address.
  harness = await openSdkHarness(
    (snippet) =>
      `<!doctype html><title>Forms</title><script>window.sent = []</script>${snippet.replace('PX.init({', 'PX.init({beforeSend(event){sent.push(JSON.stringify(event));return null},')}<main></main>`,
  );
  page = await harness.openPage();
  await page.goto(harness.site.url);
  await page.waitForFunction('PX.counts');
});
afterAll(() => harness.close());

/** Runs in the page: random documents with planted secrets, each of whose elements is clicked. Gives leaks and how much was seen. */
const plantAndClick = `(count, seed) => {
  const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n); };
  const digits = (n) => Array.from({ length: n }, () => random(10)).join('');
  const pick = (list) => list[random(list.length)];
  const main = document.querySelector('main');
  const leaks = [];
  let events = 0;
  const word = () => 'sekret' + digits(8);
  const numbers = [
    () => digits(4) + ' ' + digits(4) + ' ' + digits(4) + ' ' + digits(4),
    () => digits(4) + '-' + digits(4) + '-' + digits(4) + '-' + digits(4),
    () => '5' + digits(15),
    () => digits(3) + '.' + digits(3) + '.' + digits(3) + '-' + digits(2),
    () => digits(11),
    () => digits(3) + '-' + digits(2) + '-' + digits(4),
    () => 'ann.' + word() + '@example.com',
  ];
  for (let index = 0; index < count; index += 1) {
    const secrets = [];
    const secret = (make) => { const made = make(); secrets.push(made); return made; };
    const number = () => secret(pick(numbers));
    const hidden = () => secret(word);
    const filler = () => pick(['', 'Pay ', 'Your card: ', 'Total 12.50 ', 'CPF ']);
    const leaf = () => pick([
      () => '<button class="b">' + filler() + number() + '</button>',
      () => '<a href="/x?token=' + hidden() + '&q=1#access_token=' + hidden() + '">' + filler() + number() + '</a>',
      () => '<a href="mailto:' + hidden() + '@example.com">Write</a>',
      () => '<input value="' + hidden() + '" name="n" placeholder="' + hidden() + '">',
      () => '<input type="password" value="' + hidden() + '">',
      () => '<textarea>' + hidden() + '</textarea>',
      () => '<select><option>' + hidden() + '</option></select>',
      () => '<p contenteditable>' + hidden() + '<b>' + hidden() + '</b></p>',
      () => '<div data-px-ignore><button id="' + hidden() + '">' + hidden() + '</button></div>',
      () => '<button data-px-mask data-px-who="' + hidden() + '">' + hidden() + '</button>',
      () => '<div data-px-mask><a href="/u/' + hidden() + '">' + hidden() + '</a></div>',
      () => '<button>Save <span data-px-mask>' + hidden() + '</span><i data-px-ignore>' + hidden() + '</i></button>',
      () => '<label>' + filler() + number() + ' <input value="' + hidden() + '"></label>',
      () => '<td id="row-' + number().replace(/ /g, '-') + '">' + number() + '</td>',
      () => '<span data-px-ref="' + number() + '">' + number() + '</span>',
    ])();
    const tree = (depth) => depth === 0 ? leaf() : '<' + pick(['div', 'section', 'li']) + '>' + Array.from({ length: 1 + random(3) }, () => tree(random(depth))).join('');
    main.innerHTML = tree(3);
    if (random(4) === 0) { const host = document.createElement('div'); host.attachShadow({ mode: 'open' }).innerHTML = leaf(); if (random(2)) host.setAttribute('data-px-ignore', ''); main.append(host); }
    const all = [...main.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? one.shadowRoot.querySelectorAll('*') : [])]);
    for (const element of all) element.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true }));
    const text = sent.splice(0).join();
    events += text.split('"event":"click"').length - 1;
    for (const planted of secrets) if (text.includes(planted)) leaks.push([planted, main.innerHTML.slice(0, 300), text.slice(0, 600)]);
    if (leaks.length > 3) break;
  }
  return { leaks, events };
}`;

test(`${documents} random documents with planted secrets: no click tells one`, async () => {
  await page.evaluate("addEventListener('click', (event) => event.preventDefault())");
  const { leaks, events } = await page.evaluate<{ leaks: string[][]; events: number }>(
    `(${plantAndClick})(${documents}, ${seed})`,
  );
  expect(leaks).toEqual([]);
  expect(events).toBeGreaterThan(documents);
});

test('the page’s own address leaves without what names a person', async () => {
  await page.goto(`${harness.site.url}/u/123.456.789-09?email=ann%40example.com&token=sekret1&q=tea#id_token=sekret2`);
  await page.waitForFunction('PX.counts');
  const stored = await page.evaluate<string>(
    "PX.instance('own').init({ apiKey: 'k', projectId: 'own', autocapture: false }), PX.instance('own').track('x', {}, { critical: true }), JSON.stringify({ ...localStorage })",
  );
  expect(stored).toContain('q=tea');
  expect(stored).not.toMatch(/sekret|123\.456|ann%40/);
});
