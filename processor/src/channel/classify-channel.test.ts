import { expect, test } from 'vitest';
import { type Channel, classifyChannel } from './classify-channel.ts';
import { findSourceByHost } from './find-source.ts';

/** source / medium / campaign, click id names, referrer's host. */
type Case = [tags: string, clicks: string, referrerHost: string, channel: Channel];

const cases: Case[] = [
  ['', '', '', 'direct'],
  ['(direct)/(none)', '', '', 'direct'],
  ['direct', '', '', 'direct'],

  ['', '', 'www.google.com', 'organic_search'],
  ['', '', 'www.google.co.uk', 'organic_search'],
  ['', '', 'google.com.br', 'organic_search'],
  ['', '', 'com.google.android.googlequicksearchbox', 'organic_search'],
  ['', '', 'www.bing.com', 'organic_search'],
  ['', '', 'duckduckgo.com', 'organic_search'],
  ['', '', 'uk.search.yahoo.com', 'organic_search'],
  ['', '', 'search.yahoo.co.jp', 'organic_search'],
  ['', '', 'yandex.ru', 'organic_search'],
  ['', '', 'search.brave.com', 'organic_search'],
  ['google', '', '', 'organic_search'],
  ['google/organic', '', '', 'organic_search'],
  ['somewhere/organic', '', '', 'organic_search'],

  ['google/cpc/brand', '', '', 'paid_search'],
  ['GOOGLE/CPC', '', '', 'paid_search'],
  ['bing/ppc', '', '', 'paid_search'],
  ['adwords/paid', '', '', 'paid_search'],
  ['somewhere/cpc', '', '', 'paid_search'],
  ['/cpc', '', 'www.google.com', 'paid_search'],
  ['', 'gclid', 'www.google.com', 'paid_search'],
  ['', 'gbraid', '', 'paid_search'],
  ['', 'msclkid', 'www.bing.com', 'paid_search'],
  ['google/organic', 'gclid', '', 'paid_search'],

  ['', '', 'l.facebook.com', 'organic_social'],
  ['', '', 'm.facebook.com', 'organic_social'],
  ['', '', 't.co', 'organic_social'],
  ['', '', 'x.com', 'organic_social'],
  ['', '', 'www.linkedin.com', 'organic_social'],
  ['', '', 'out.reddit.com', 'organic_social'],
  ['', '', 'www.pinterest.de', 'organic_social'],
  ['', '', 'www.youtube.com', 'organic_social'],
  ['', '', 'com.facebook.katana', 'organic_social'],
  ['facebook', '', '', 'organic_social'],
  ['ig/story', '', '', 'organic_social'],
  ['facebook.com/referral', '', '', 'organic_social'],
  ['somewhere/social-media', '', '', 'organic_social'],
  ['', 'fbclid', '', 'organic_social'],

  ['facebook/cpc', '', '', 'paid_social'],
  ['fb/paid', '', '', 'paid_social'],
  ['instagram/cpm', '', '', 'paid_social'],
  ['somewhere/paid_social', '', '', 'paid_social'],
  ['facebook/paid', 'fbclid', 'l.facebook.com', 'paid_social'],
  ['', 'ttclid', '', 'paid_social'],
  ['', 'li_fat_id', 'www.linkedin.com', 'paid_social'],
  ['twitter/social', 'twclid', 't.co', 'paid_social'],

  ['', '', 'mail.google.com', 'email'],
  ['', '', 'com.google.android.gm', 'email'],
  ['', '', 'outlook.live.com', 'email'],
  ['', '', 'mail.yahoo.com', 'email'],
  ['crm/email', '', '', 'email'],
  ['crm/E-Mail', '', '', 'email'],
  ['newsletter', '', '', 'email'],
  ['linkedin/email', '', '', 'email'],
  ['', 'mc_eid', '', 'email'],

  ['', '', 'chatgpt.com', 'ai_assistant'],
  ['', '', 'www.perplexity.ai', 'ai_assistant'],
  ['', '', 'claude.ai', 'ai_assistant'],
  ['', '', 'gemini.google.com', 'ai_assistant'],
  ['', '', 'copilot.microsoft.com', 'ai_assistant'],
  ['', '', 'com.openai.chatgpt', 'ai_assistant'],
  ['chatgpt.com', '', '', 'ai_assistant'],
  ['chatgpt.com/referral', '', 'chatgpt.com', 'ai_assistant'],
  ['somewhere/ai-assistant/(ai-assistant)', '', '', 'ai_assistant'],
  ['perplexity/email', '', '', 'email'],
  ['chatgpt/cpc', '', '', 'paid_search'],

  ['somewhere/video', '', '', 'organic_social'],
  ['', 'gad_source', '', 'paid_search'],
  ['', 'tblci', '', 'display'],
  ['', 'mkt_tok', '', 'email'],

  ['partner/affiliate', '', '', 'affiliates'],
  ['partner/affiliates', '', 'partner.example', 'affiliates'],
  ['', 'irclickid', '', 'affiliates'],

  ['somewhere/display', '', '', 'display'],
  ['somewhere/banner', '', '', 'display'],
  ['somewhere/cpm', '', '', 'display'],
  ['google/display', 'gclid', '', 'display'],
  ['', 'dclid', '', 'display'],
  ['somewhere/paid', '', '', 'display'],

  ['', '', 'blog.example.org', 'referral'],
  ['', '', 'docs.google.com', 'referral'],
  ['', '', 'accounts.google.com', 'referral'],
  ['', '', 'notgoogle.com', 'referral'],
  ['', '', 'google.com.evil.example', 'referral'],
  ['', '', 'netflix.com', 'referral'],
  ['', '', '[::1]', 'referral'],
  ['blog/referral', '', '', 'referral'],
  ['somewhere', '', '', 'referral'],
  ['//spring_sale', '', '', 'referral'],
  ['spring_sale', '', 'www.google.com', 'organic_search'],
  ['constructor/__proto__', '', '', 'referral'],
];

test.each(cases)('tags %j, click ids %j, from %j: %s', (tags, clicks, referrer_host, channel) => {
  const [utm_source = '', utm_medium = '', utm_campaign = ''] = tags.split('/');
  const click_ids = Object.fromEntries(clicks === '' ? [] : clicks.split(',').map((name) => [name, '1']));
  expect(classifyChannel({ utm_source, utm_medium, utm_campaign, click_ids, referrer_host })).toBe(channel);
});

test('is done with a medium of 300 characters at once', () => {
  const startedAt = performance.now();
  for (const piece of ['c', 'cp', 'paid', '-', ' ']) {
    classifyChannel({
      utm_source: piece.repeat(300),
      utm_medium: piece.repeat(300),
      utm_campaign: '',
      click_ids: {},
      referrer_host: 'a.'.repeat(100),
    });
  }
  expect(performance.now() - startedAt).toBeLessThan(250);
});

test('tells a host apart from one that ends like it', () => {
  expect(findSourceByHost('x.com')?.names[0]).toBe('twitter');
  expect(findSourceByHost('netflix.com')).toBeNull();
  expect(findSourceByHost('mail.google.com')?.kind).toBe('email');
  expect(findSourceByHost('gemini.google.com')?.kind).toBe('ai');
  expect(findSourceByHost('')).toBeNull();
});
