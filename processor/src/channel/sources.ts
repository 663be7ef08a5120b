/** What kind of place sends visitors: a search engine, a social network, or a mailbox. */
export type SourceKind = 'search' | 'social' | 'email';

/** One place that sends visitors. */
export interface Source {
  readonly kind: SourceKind;
  /** What `utm_source` calls it, lower case; a `utm_source` with a dot is read as a host. */
  readonly names: readonly string[];
  /**
   * Hosts, each with its subdomains; android packages too. `brand.*` is a brand under any country's
   * domain, at its front door alone (www, m, search, ...): docs.google.com is no search.
   */
  readonly hosts: readonly string[];
}

/** The places that are told apart, from common knowledge; all else that refers is a referral. */
export const sources: readonly Source[] = [
  {
    kind: 'search',
    names: ['google', 'googleads', 'google_ads', 'google-ads', 'adwords', 'google-search'],
    hosts: ['google.*', 'com.google.android.googlequicksearchbox'],
  },
  {
    kind: 'search',
    names: ['bing', 'bingads', 'bing_ads', 'microsoft', 'microsoft-ads', 'msn'],
    hosts: ['bing.com', 'msn.com', 'com.microsoft.bing'],
  },
  { kind: 'search', names: ['yahoo'], hosts: ['yahoo.*', 'search.yahoo.co.jp'] },
  { kind: 'search', names: ['duckduckgo', 'ddg'], hosts: ['duckduckgo.com', 'com.duckduckgo.mobile.android'] },
  { kind: 'search', names: ['yandex', 'yandex_direct'], hosts: ['yandex.*', 'ya.ru'] },
  { kind: 'search', names: ['baidu'], hosts: ['baidu.com'] },
  { kind: 'search', names: ['ecosia'], hosts: ['ecosia.org'] },
  { kind: 'search', names: ['qwant'], hosts: ['qwant.com'] },
  { kind: 'search', names: ['startpage'], hosts: ['startpage.com'] },
  { kind: 'search', names: ['brave', 'brave-search'], hosts: ['search.brave.com'] },
  { kind: 'search', names: ['kagi'], hosts: ['kagi.com'] },
  { kind: 'search', names: ['mojeek'], hosts: ['mojeek.com'] },
  { kind: 'search', names: ['naver'], hosts: ['naver.com'] },
  { kind: 'search', names: ['daum'], hosts: ['daum.net'] },
  { kind: 'search', names: ['seznam'], hosts: ['seznam.cz'] },
  { kind: 'search', names: ['sogou'], hosts: ['sogou.com'] },
  { kind: 'search', names: ['so.com', '360'], hosts: ['so.com'] },
  { kind: 'search', names: ['shenma'], hosts: ['sm.cn'] },
  { kind: 'search', names: ['coccoc'], hosts: ['coccoc.com'] },
  { kind: 'search', names: ['ask'], hosts: ['ask.com'] },
  { kind: 'search', names: ['aol'], hosts: ['aol.com'] },
  { kind: 'search', names: ['rambler'], hosts: ['rambler.ru'] },
  { kind: 'search', names: ['mail.ru'], hosts: ['go.mail.ru'] },
  { kind: 'search', names: ['swisscows'], hosts: ['swisscows.com'] },
  { kind: 'search', names: ['presearch'], hosts: ['presearch.com', 'presearch.org'] },
  { kind: 'search', names: ['lycos'], hosts: ['lycos.com'] },
  { kind: 'search', names: ['dogpile'], hosts: ['dogpile.com'] },

  {
    kind: 'social',
    names: ['facebook', 'fb', 'facebook_ads', 'facebookads', 'meta', 'messenger', 'an', 'msg'],
    hosts: [
      'facebook.com',
      'fb.com',
      'fb.me',
      'messenger.com',
      'm.me',
      'com.facebook.katana',
      'com.facebook.orca',
      'com.facebook.lite',
    ],
  },
  { kind: 'social', names: ['instagram', 'ig', 'insta'], hosts: ['instagram.com', 'com.instagram.android'] },
  { kind: 'social', names: ['threads'], hosts: ['threads.net', 'threads.com', 'com.instagram.barcelona'] },
  { kind: 'social', names: ['twitter', 'x'], hosts: ['twitter.com', 'x.com', 't.co', 'com.twitter.android'] },
  { kind: 'social', names: ['linkedin', 'li'], hosts: ['linkedin.com', 'lnkd.in', 'com.linkedin.android'] },
  {
    kind: 'social',
    names: ['tiktok', 'tiktokads'],
    hosts: ['tiktok.com', 'com.zhiliaoapp.musically', 'com.ss.android.ugc.trill'],
  },
  { kind: 'social', names: ['youtube', 'yt'], hosts: ['youtube.com', 'youtu.be', 'com.google.android.youtube'] },
  { kind: 'social', names: ['pinterest', 'pin'], hosts: ['pinterest.*', 'pin.it', 'com.pinterest'] },
  { kind: 'social', names: ['reddit'], hosts: ['reddit.com', 'redd.it', 'com.reddit.frontpage'] },
  { kind: 'social', names: ['snapchat', 'snap'], hosts: ['snapchat.com', 'com.snapchat.android'] },
  { kind: 'social', names: ['whatsapp', 'wa'], hosts: ['whatsapp.com', 'wa.me', 'com.whatsapp'] },
  { kind: 'social', names: ['telegram', 'tg'], hosts: ['telegram.org', 't.me', 'org.telegram.messenger'] },
  { kind: 'social', names: ['discord'], hosts: ['discord.com', 'discordapp.com', 'com.discord'] },
  {
    kind: 'social',
    names: ['mastodon'],
    hosts: ['mastodon.social', 'mastodon.online', 'mstdn.social', 'fosstodon.org', 'org.joinmastodon.android'],
  },
  { kind: 'social', names: ['bluesky', 'bsky'], hosts: ['bsky.app', 'go.bsky.app'] },
  { kind: 'social', names: ['hackernews', 'hacker-news', 'hn'], hosts: ['news.ycombinator.com'] },
  { kind: 'social', names: ['quora'], hosts: ['quora.com'] },
  { kind: 'social', names: ['tumblr'], hosts: ['tumblr.com'] },
  { kind: 'social', names: ['medium'], hosts: ['medium.com'] },
  { kind: 'social', names: ['vk', 'vkontakte'], hosts: ['vk.com', 'vk.ru'] },
  { kind: 'social', names: ['ok', 'odnoklassniki'], hosts: ['ok.ru'] },
  { kind: 'social', names: ['weibo'], hosts: ['weibo.com', 'weibo.cn', 't.cn'] },
  { kind: 'social', names: ['wechat', 'weixin'], hosts: ['weixin.qq.com', 'wechat.com'] },
  { kind: 'social', names: ['zhihu'], hosts: ['zhihu.com'] },
  { kind: 'social', names: ['douban'], hosts: ['douban.com'] },
  { kind: 'social', names: ['line'], hosts: ['line.me'] },
  { kind: 'social', names: ['xing'], hosts: ['xing.com'] },
  { kind: 'social', names: ['twitch'], hosts: ['twitch.tv'] },
  { kind: 'social', names: ['vimeo'], hosts: ['vimeo.com'] },
  { kind: 'social', names: ['dailymotion'], hosts: ['dailymotion.com'] },
  { kind: 'social', names: ['flickr'], hosts: ['flickr.com'] },
  { kind: 'social', names: ['nextdoor'], hosts: ['nextdoor.com'] },
  { kind: 'social', names: ['producthunt', 'product-hunt'], hosts: ['producthunt.com'] },
  { kind: 'social', names: ['lobsters'], hosts: ['lobste.rs'] },
  { kind: 'social', names: ['lemmy'], hosts: ['lemmy.world', 'lemmy.ml'] },

  { kind: 'email', names: ['gmail'], hosts: ['mail.google.com', 'com.google.android.gm'] },
  {
    kind: 'email',
    names: ['outlook', 'hotmail'],
    hosts: [
      'outlook.live.com',
      'outlook.office.com',
      'outlook.office365.com',
      'mail.live.com',
      'com.microsoft.office.outlook',
    ],
  },
  {
    kind: 'email',
    names: ['yahoo-mail', 'yahoomail'],
    hosts: ['mail.yahoo.com', 'mail.yahoo.co.jp', 'com.yahoo.mobile.client.android.mail'],
  },
  { kind: 'email', names: ['aol-mail'], hosts: ['mail.aol.com'] },
  { kind: 'email', names: ['proton', 'protonmail'], hosts: ['mail.proton.me', 'mail.protonmail.com'] },
  { kind: 'email', names: ['icloud'], hosts: ['icloud.com'] },
  { kind: 'email', names: ['fastmail'], hosts: ['fastmail.com', 'app.fastmail.com'] },
  { kind: 'email', names: ['gmx'], hosts: ['gmx.net', 'gmx.com', 'gmx.de', 'gmx.at', 'gmx.ch'] },
  { kind: 'email', names: ['web.de'], hosts: ['web.de'] },
  { kind: 'email', names: ['t-online'], hosts: ['email.t-online.de'] },
  { kind: 'email', names: ['zoho', 'zoho-mail'], hosts: ['mail.zoho.com', 'mail.zoho.eu', 'mail.zoho.in'] },
  { kind: 'email', names: ['yandex-mail'], hosts: ['mail.yandex.ru', 'mail.yandex.com'] },
  { kind: 'email', names: ['mailru'], hosts: ['e.mail.ru'] },
  { kind: 'email', names: ['qq-mail'], hosts: ['mail.qq.com'] },
  { kind: 'email', names: ['163'], hosts: ['mail.163.com', 'mail.126.com'] },
  { kind: 'email', names: ['naver-mail'], hosts: ['mail.naver.com'] },
  { kind: 'email', names: ['orange-mail'], hosts: ['mail.orange.fr', 'webmail.orange.fr', 'messagerie.orange.fr'] },
  { kind: 'email', names: ['mailchimp'], hosts: ['list-manage.com', 'campaign-archive.com'] },
  { kind: 'email', names: ['klaviyo'], hosts: ['klclick.com', 'klclick1.com'] },
  {
    kind: 'email',
    names: ['brevo', 'sendinblue', 'sendgrid', 'mailjet', 'mailerlite', 'convertkit', 'customer.io', 'beehiiv'],
    hosts: ['sendibm1.com', 'sendgrid.net'],
  },
];
