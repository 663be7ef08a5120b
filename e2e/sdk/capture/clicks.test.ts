import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** Clicks as a mouse would at once, `times` times, `step` px apart. */
const clicks = (id: string, times: number, step = 0) =>
  `for (let i = 0; i < ${times}; i += 1) document.getElementById('${id}').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, clientX: 50 + i * ${step}, clientY: 50 }))`;
const told = async (visitor: Visitor, name: string) =>
  (await visitor.rowsOf(name)).map(({ properties }) => properties['id']);

test('three clicks on one spot within a second are one rage_click, however many follow', async () => {
  const visitor = await shop.newVisitor({ body: '<b id="stuck">Wait</b><b id="apart">Wide</b><b id="twice">Two</b>' });
  await visitor.open();
  await visitor.run(clicks('apart', 6, 40));
  await visitor.run(clicks('twice', 2));
  await visitor.run(clicks('stuck', 6));
  await visitor.run("PX.track('end'); PX.flush()");
  const rows = await visitor.stored('rage_click', 'end');
  expect(await told(visitor, 'rage_click')).toEqual(['stuck']);
  expect(rows.filter(({ event }) => event === 'click')).toHaveLength(14);
  expect(rows.find(({ event }) => event === 'rage_click')?.properties).toMatchObject({ tag: 'b', text: 'Wait' });
});

test('three clicks in more than a second are no rage', async () => {
  const visitor = await shop.newVisitor({ body: '<b id="slow">Slow</b>' });
  await visitor.page.clock.install();
  await visitor.open();
  for (let count = 0; count < 3; count += 1) {
    await visitor.run(clicks('slow', 1));
    await visitor.pass(600);
  }
  await visitor.run("PX.track('end'); PX.flush()");
  await visitor.stored('end', 'click', 'click', 'click');
  expect(await told(visitor, 'rage_click')).toEqual([]);
});

test('a control that does nothing is dead; one that changes, scrolls, opens or leads somewhere is not', async () => {
  const visitor = await shop.newVisitor({
    before: "addEventListener('scroll', () => { window.scrolled = true })",
    body: `<button id="scrolls" onclick="window.scrollTo(0, 50)">C</button><button id="changes" onclick="this.title = 'x'">A</button>
      <button id="later" onclick="setTimeout(() => document.body.append('new'), 400)">B</button>
      <button id="routes" onclick="history.pushState(0, '', '/other')">D</button>
      <button id="focuses" onclick="document.getElementById('field').focus()">E</button>
      <input id="field"><input id="box" type="checkbox"><select id="list"><option>1</select><p id="words">Words</p>
      <a id="link" href="#part">F</a><button id="dead">G</button><div style="height:3000px"></div>`,
  });
  await visitor.page.clock.install();
  await visitor.open();
  for (const id of [
    'scrolls',
    'changes',
    'later',
    'routes',
    'focuses',
    'field',
    'box',
    'list',
    'words',
    'link',
    'dead',
  ]) {
    await visitor.run(`document.getElementById('${id}').click()`);
    if (id === 'scrolls') await visitor.page.waitForFunction('window.scrolled');
    await visitor.pass(500);
    await visitor.pass(1_000);
  }
  await visitor.run('PX.flush()');
  await visitor.stored('dead_click');
  expect(await told(visitor, 'dead_click')).toEqual(['dead']);
});

test('a click elsewhere right before makes a dead click no livelier', async () => {
  const visitor = await shop.newVisitor({ body: '<button id="one">1</button><button id="two">2</button>' });
  await visitor.page.clock.install();
  await visitor.open();
  await visitor.run("document.getElementById('one').click(); document.getElementById('two').click()");
  await visitor.pass(1_500);
  await visitor.run('PX.flush()');
  await visitor.stored('click', 'click', 'dead_click');
  expect(await told(visitor, 'dead_click')).toContain('two');
});

test('neither is told where the option says so', async () => {
  const visitor = await shop.newVisitor({
    options: '{ autocapture: { troubledClicks: false } }',
    body: '<button id="dead">1</button>',
  });
  await visitor.page.clock.install();
  await visitor.open();
  await visitor.run(clicks('dead', 5));
  await visitor.pass(1_500);
  await visitor.run("PX.track('end'); PX.flush()");
  const rows = await visitor.stored('end');
  expect(rows.map(({ event }) => event)).toEqual(['page_view', ...Array.from({ length: 5 }, () => 'click'), 'end']);
});

test('links that lead out and downloads are told apart, and a text is cut at 64 characters', async () => {
  const stay = 'onclick="event.preventDefault()"';
  const visitor = await shop.newVisitor({
    body: `<a id="out" href="https://other.example/x?q=1" ${stay}>Out</a><a id="file" href="/terms.pdf" ${stay}>File</a>
      <a id="named" href="/data" download ${stay}>Named</a><a id="in" href="/in" ${stay}>In</a>
      <a id="long" href="/long" ${stay}>${'word '.repeat(40)}</a><a id="tel" href="tel:+41441234567" ${stay}>Call</a>`,
  });
  await visitor.open();
  for (const id of ['out', 'file', 'named', 'in', 'long', 'tel']) await visitor.page.click(`#${id}`);
  await visitor.run("PX.track('end'); PX.flush()");
  const rows = (await visitor.stored('end')).filter(({ event }) => event === 'click');
  expect(rows.map(({ properties }) => [properties['id'], properties['link']])).toEqual([
    ['out', 'outbound'],
    ['file', 'download'],
    ['named', 'download'],
    ['in', undefined],
    ['long', undefined],
    ['tel', undefined],
  ]);
  expect(rows[0]?.properties['href']).toBe('https://other.example/x?q=1');
  expect(`${rows[4]?.properties['text']}`.length).toBeLessThanOrEqual(64);
  expect(`${rows[4]?.properties['text']}`.length).toBeGreaterThan(55);
  expect(rows[5]?.properties['href']).toBe('tel:');
});

test('clickText: false leaves the text out and the rest in', async () => {
  const visitor = await shop.newVisitor({
    options: '{ autocapture: { clickText: false } }',
    body: '<button id="b" class="big">Ann Onymous</button>',
  });
  await visitor.open();
  await visitor.page.click('#b');
  await visitor.run('PX.flush()');
  const [click] = (await visitor.stored('click')).filter(({ event }) => event === 'click');
  expect(click?.properties).toEqual({ selector: 'button#b', tag: 'button', id: 'b', classes: ['big'] });
});
