import { expect, test } from 'vitest';
import { describeArrival } from './describe-arrival.ts';

/** source / medium / campaign, click id names, referrer's host; source / medium. */
const cases: [tags: string, clicks: string, referrerHost: string, expected: string][] = [
  ['', '', '', '(direct) / (none)'],
  ['(direct)/(none)', '', '', '(direct) / (none)'],
  ['', '', 'www.google.com', 'google / organic'],
  ['', '', 'search.yahoo.co.jp', 'yahoo / organic'],
  ['', '', 'l.facebook.com', 'facebook / referral'],
  ['', '', 't.co', 'twitter / referral'],
  ['', '', 'mail.google.com', 'gmail / email'],
  ['', '', 'chatgpt.com', 'chatgpt / ai-assistant'],
  ['', '', 'www.blog.example', 'blog.example / referral'],
  ['', '', '[::1]', '[::1] / referral'],
  ['News/Email/may', '', 'www.google.com', 'news / email'],
  ['news', '', '', 'news / (not set)'],
  ['news', '', 'www.google.com', 'news / (not set)'],
  ['google', 'gclid', '', 'google / cpc'],
  ['/cpc', '', 'www.bing.com', 'bing / cpc'],
  ['/cpc', '', '', '(not set) / cpc'],
  ['//may', '', '', '(not set) / (not set)'],
  ['//may', '', 'www.google.com', 'google / organic'],
  ['', 'gclid', 'www.google.com', 'google / cpc'],
  ['', 'msclkid', '', 'bing / cpc'],
  ['', 'ttclid', 'www.example.com', 'tiktok / cpc'],
  ['', 'dclid', '', 'google / display'],
  ['', 'irclickid', 'partner.example', 'impact / affiliate'],
  ['', 'mc_eid', '', 'mailchimp / email'],
  ['', 'fbclid', '', 'facebook / referral'],
  ['', 'fbclid', 'l.instagram.com', 'instagram / referral'],
  ['', 'made_up', '', '(direct) / (none)'],
];

test.each(cases)('tags %j, click ids %j, from %j: %s', (tags, clicks, referrer_host, expected) => {
  const [utm_source = '', utm_medium = '', utm_campaign = ''] = tags.split('/');
  const click_ids = Object.fromEntries(clicks === '' ? [] : clicks.split(',').map((name) => [name, '1']));
  const { source, medium } = describeArrival({ utm_source, utm_medium, utm_campaign, click_ids, referrer_host });
  expect(`${source} / ${medium}`).toBe(expected);
});
