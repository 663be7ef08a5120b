import type { EventContext } from '@px-platform/schemas';
import { expect, test } from 'vitest';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import { createChannelStage } from './channel.ts';

const stage = createChannelStage();

function run(context: EventContext) {
  return toRow(stage.run(makePipelineEvent({ context })));
}

test('fills the page, the referrer and the campaign', () => {
  const url =
    'https://shop.example.com/sale?utm_source=google&utm_medium=cpc&utm_campaign=spring+sale&utm_term=a&utm_content=b&gclid=g1&q=1';
  expect(run({ page: { url, title: 'Sale', referrer: 'https://www.google.com/' } })).toMatchObject({
    url,
    host: 'shop.example.com',
    path: '/sale',
    search: url.slice(url.indexOf('?')),
    title: 'Sale',
    referrer: 'https://www.google.com/',
    referrer_host: 'www.google.com',
    utm_source: 'google',
    utm_medium: 'cpc',
    utm_campaign: 'spring sale',
    utm_term: 'a',
    utm_content: 'b',
    click_ids: { gclid: 'g1' },
    channel: 'paid_search',
    source: 'google',
    medium: 'cpc',
  });
});

test.each([
  ['https://shop.example.com/a', 'https://shop.example.com/b'],
  ['https://example.com/a', 'https://www.example.com/'],
  ['https://shop.example.co.uk/a', 'https://blog.example.co.uk/'],
  ['http://localhost:8000/a', 'http://localhost:3000/'],
])('takes %s from %s for no referral', (url, referrer) => {
  expect(run({ page: { url, referrer } })).toMatchObject({ referrer, referrer_host: '', channel: 'direct' });
});

test.each([
  'https://www.paypal.com/checkoutnow?token=1',
  'https://checkout.stripe.com/c/pay/cs_live_1',
  'https://pagseguro.uol.com.br/checkout',
  'https://www.mercadopago.com.br/checkout/v1/redirect',
  'https://pay.hotmart.com/A1',
])('takes the way back from %s for no referral', (referrer) => {
  expect(run({ page: { url: 'https://shop.example.com/thanks', referrer } })).toMatchObject({
    referrer,
    referrer_host: '',
    channel: 'direct',
    source: '(direct)',
    medium: '(none)',
  });
});

test.each(['https://stripe.com/blog', 'https://notpaypal.com/', 'https://paypal.com.example.org/'])(
  'takes %s for a referral, though its name is like that of a page where people pay',
  (referrer) => {
    expect(run({ page: { url: 'https://shop.example.com/', referrer } })).toMatchObject({ channel: 'referral' });
  },
);

test.each([
  ['https://blog.acme.example/post', { internal_hosts: ['acme.example'] }],
  ['https://acme.example/', { internal_hosts: ['other.example', 'acme.example'] }],
  ['https://Pay.Bank.example:8443/done?id=1', { payment_hosts: ['bank.example'] }],
  ['android-app://com.acme.shop/', { internal_hosts: ['com.acme.shop'] }],
])(
  'takes %s for no referral where the project asks for it by %j, and for one where it does not',
  (referrer, settings) => {
    const context = { page: { url: 'https://shop.example.com/', referrer } };
    expect(toRow(stage.run(makePipelineEvent({ record: { settings }, context })))).toMatchObject({
      referrer,
      referrer_host: '',
      channel: 'direct',
      source: '(direct)',
    });
    for (const record of [{}, { settings: {} }, { settings: { internal_hosts: ['cme.example', 'mybank.example'] } }]) {
      expect(toRow(stage.run(makePipelineEvent({ record, context })))).toMatchObject({ channel: 'referral' });
    }
  },
);

test('keeps the campaign of a visitor who comes back from paying', () => {
  const page = { url: 'https://example.com/?utm_source=news&utm_medium=email', referrer: 'https://www.paypal.com/' };
  expect(run({ page })).toMatchObject({ channel: 'email', source: 'news', medium: 'email', referrer_host: '' });
});

test('fills the first and the last touch that the SDK remembers of a page view’s visitor', () => {
  const properties = {
    first_touch: { at: '2026-01-01T00:00:00Z', campaign: { source: 'News', medium: 'email', name: 'may' } },
    last_touch: { at: '2026-02-01T00:00:00Z', click_ids: { gclid: 'g1' } },
  };
  const touches = {
    first_touch_channel: 'email',
    first_touch_source: 'news',
    first_touch_medium: 'email',
    first_touch_campaign: 'may',
    last_touch_channel: 'paid_search',
    last_touch_source: 'google',
    last_touch_medium: 'cpc',
    last_touch_campaign: '',
  };
  const view = makePipelineEvent({ event: { properties } });
  expect(toRow(stage.run(view))).toMatchObject({ ...touches, channel: 'direct', utm_source: '' });
  const other = makePipelineEvent({ event: { event: 'bought', properties } });
  expect(toRow(stage.run(other))).toMatchObject({ first_touch_channel: '', last_touch_source: '' });
});

test.each([
  undefined,
  null,
  7,
  'google',
  [],
  {},
  { campaign: 'google' },
  { campaign: { source: 7, medium: null } },
  { campaign: { source: ' ' }, click_ids: { made_up: '1', gclid: 5 } },
  JSON.parse('{"__proto__": {"campaign": {"source": "x"}}, "campaign": {"constructor": "y"}}'),
])('takes %j for no touch', (first_touch) => {
  const event = makePipelineEvent({ event: { properties: { first_touch, last_touch: first_touch } } });
  expect(toRow(stage.run(event))).toMatchObject({ first_touch_channel: '', last_touch_channel: '' });
});

test('describes an arrival once, and never takes one for another', () => {
  const stage = createChannelStage();
  const run = (source: string, medium: string) =>
    toRow(stage.run(makePipelineEvent({ context: { campaign: { source, medium } } }))).channel;
  expect([run('google', 'cpc'), run('googlec', 'pc'), run('google', 'cpc')]).toEqual([
    'paid_search',
    'referral',
    'paid_search',
  ]);
  expect(stage.cacheCounts()).toEqual({ hits: 1, misses: 2, size: 2 });
});

test.each([
  ['https://example.co.uk/', 'https://other.co.uk/'],
  ['https://acme.github.io/', 'https://other.github.io/'],
  ['https://example.com/', 'https://example.org/'],
])('takes %s from %s for a referral', (url, referrer) => {
  expect(run({ page: { url, referrer } })).toMatchObject({ channel: 'referral' });
});

test('takes the campaign of the context as a whole, else that of the URL', () => {
  const page = { url: 'https://example.com/?UTM_Source=url&utm_medium=email&utm_source=second' };
  expect(run({ page, campaign: { source: 'own' } })).toMatchObject({
    utm_source: 'own',
    utm_medium: '',
    channel: 'referral',
  });
  expect(run({ page, campaign: { source: '' } })).toMatchObject({
    utm_source: 'url',
    utm_medium: 'email',
    channel: 'email',
  });
});

test('reads path and search where there is no URL', () => {
  expect(run({ page: { path: '/home', search: '?utm_source=facebook' } })).toMatchObject({
    url: '',
    host: '',
    path: '/home',
    utm_source: 'facebook',
    channel: 'organic_social',
  });
});

test('says direct where nothing is known', () => {
  expect(run({})).toMatchObject({ url: '', referrer: '', utm_source: '', click_ids: {}, channel: 'direct' });
});

test('cuts a tag to 300 well-formed characters', () => {
  const { utm_source } = run({ campaign: { source: `${'x'.repeat(299)}💥` } });
  expect(utm_source).toHaveLength(300);
  expect(utm_source.isWellFormed()).toBe(true);
});

const hostile = [
  'http://',
  'https://%zz/',
  '\0',
  '\ud800',
  `https://example.com/?${'a=b&'.repeat(2_040)}`,
  `https://example.com/?utm_source=${'%'.repeat(8_000)}`,
  `https://${'a.'.repeat(4_000)}com/`,
  `https://${'é'.repeat(8_000)}.com/`,
  '__proto__',
  'javascript:alert(1)',
];

test.each(hostile)('survives hostile URL and referrer number %# at once', (text) => {
  const startedAt = performance.now();
  expect(
    run({ page: { url: text, referrer: text, search: text, path: text }, click_ids: { gclid: text } }).channel,
  ).not.toBe('');
  expect(performance.now() - startedAt).toBeLessThan(250);
});

test('reads a URL that comes again as it did before, whatever the client says beside it', () => {
  const stage = createChannelStage();
  const run = (page: NonNullable<EventContext['page']>) => toRow(stage.run(makePipelineEvent({ context: { page } })));
  const url = 'https://shop.example.com/sale?gclid=g1';
  const read = { url, host: 'shop.example.com', path: '/sale', search: '?gclid=g1', click_ids: { gclid: 'g1' } };
  expect(run({ url })).toMatchObject(read);
  expect(run({ url, path: '/own', search: '?a=1' })).toMatchObject({ path: '/own', search: '?a=1', click_ids: {} });
  expect(run({ url, referrer: url })).toMatchObject({ ...read, referrer: url, referrer_host: '' });
  expect(run({ url: '/sale', referrer: 'android-app://com.example/' })).toMatchObject({ host: '', path: '/sale' });
});

test('reads a URL too long to be kept', () => {
  const url = `https://shop.example.com/${'a'.repeat(2_000)}`;
  for (const _ of [1, 2]) expect(run({ page: { url } })).toMatchObject({ host: 'shop.example.com', url });
});
