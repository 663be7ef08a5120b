/** What a made-up visitor's browser and network would show. */
export interface VisitPlan {
  /** Address of a university's network: public, its place known to the geo database, nobody's own. */
  readonly ip: string;
  readonly userAgent: string;
  readonly locale: string;
  readonly timezone: string;
  /** Width and height in CSS px, density in device px per CSS px. */
  readonly screen: readonly [width: number, height: number, density: number];
  /** '' for a visit that comes from nowhere. */
  readonly referrer: string;
  /** Query of the landing page, with its `?`; '' for none. */
  readonly search: string;
  /** What they do, in order; the first names the landing page. */
  readonly steps: readonly VisitStep[];
}

/** One thing a visitor does on a page of the shop. */
export interface VisitStep {
  readonly event: string;
  readonly path: string;
  readonly title: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const home: VisitStep = { event: 'page_view', path: '/shop/', title: 'Moss & Kettle' };
const teas: VisitStep = { event: 'page_view', path: '/shop/teas/', title: 'All teas · Moss & Kettle' };
const cart: VisitStep = { event: 'page_view', path: '/shop/cart', title: 'Your basket · Moss & Kettle' };
const about: VisitStep = { event: 'page_view', path: '/shop/about', title: 'Our story · Moss & Kettle' };
const studio: VisitStep = { event: 'page_view', path: '/shop/studio/', title: 'Blend studio · Moss & Kettle' };
const blend: VisitStep = {
  event: 'blend_finished',
  path: '/shop/studio/name',
  title: 'Name it · Blend studio',
  properties: { parts: ['Assam', 'Orange peel', 'Cardamom'], name: 'Sunday long' },
};

const harbourFog = toTea('harbour-fog', 'Harbour Fog', 14);
const firstLight = toTea('first-light', 'First Light', 12);
const emberRoad = toTea('ember-road', 'Ember Road', 13);
const nightGarden = toTea('night-garden', 'Night Garden', 11);

/** A visit each; together they cover the channels, devices and five continents. */
export const visitTable: readonly VisitPlan[] = [
  {
    ip: '129.132.1.1',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
    locale: 'de-CH',
    timezone: 'Europe/Zurich',
    screen: [1728, 1117, 2],
    referrer: 'https://www.google.com/',
    search: '',
    steps: [home, harbourFog.view, harbourFog.add, cart],
  },
  {
    ip: '133.11.0.1',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    locale: 'ja-JP',
    timezone: 'Asia/Tokyo',
    screen: [393, 852, 3],
    referrer: 'https://l.instagram.com/',
    search: '?utm_source=instagram&utm_medium=paid_social&utm_campaign=spring-harvest',
    steps: [firstLight.view, firstLight.add],
  },
  {
    ip: '143.107.1.1',
    userAgent:
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36',
    locale: 'pt-BR',
    timezone: 'America/Sao_Paulo',
    screen: [412, 915, 2.625],
    referrer: '',
    search: '',
    steps: [home, teas, emberRoad.view],
  },
  {
    ip: '128.30.2.1',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0',
    locale: 'en-US',
    timezone: 'America/New_York',
    screen: [1920, 1080, 1],
    referrer: 'https://www.google.com/',
    search: '?utm_source=google&utm_medium=cpc&utm_campaign=loose-leaf&gclid=Cj0KCQiA',
    steps: [teas, nightGarden.view, nightGarden.add, cart],
  },
  {
    ip: '137.158.1.1',
    userAgent: 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    locale: 'en-ZA',
    timezone: 'Africa/Johannesburg',
    screen: [1440, 900, 1],
    referrer: 'https://news.ycombinator.com/',
    search: '',
    steps: [about, studio],
  },
  {
    ip: '129.78.5.1',
    userAgent:
      'Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    locale: 'en-AU',
    timezone: 'Australia/Sydney',
    screen: [820, 1180, 2],
    referrer: '',
    search: '?utm_source=letter&utm_medium=email&utm_campaign=july',
    steps: [studio, blend],
  },
  {
    ip: '130.237.1.1',
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    locale: 'sv-SE',
    timezone: 'Europe/Stockholm',
    screen: [1512, 982, 2],
    referrer: 'https://duckduckgo.com/',
    search: '',
    steps: [harbourFog.view, harbourFog.add, cart],
  },
  {
    ip: '134.157.1.1',
    userAgent: 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0',
    locale: 'fr-FR',
    timezone: 'Europe/Paris',
    screen: [384, 854, 2.8],
    referrer: 'https://www.facebook.com/',
    search: '',
    steps: [firstLight.view, teas],
  },
  {
    ip: '14.139.34.1',
    userAgent:
      'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
    locale: 'en-IN',
    timezone: 'Asia/Kolkata',
    screen: [360, 780, 3],
    referrer: 'https://www.youtube.com/',
    search: '',
    steps: [home, emberRoad.view, emberRoad.add],
  },
  {
    ip: '132.248.10.2',
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
    locale: 'es-MX',
    timezone: 'America/Mexico_City',
    screen: [1366, 768, 1],
    referrer: 'https://www.bing.com/',
    search: '',
    steps: [teas, firstLight.view],
  },
  {
    ip: '130.216.1.1',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
    locale: 'en-NZ',
    timezone: 'Pacific/Auckland',
    screen: [2560, 1440, 1],
    referrer: 'https://steeped.example/best-loose-leaf',
    search: '?utm_source=steeped&utm_medium=affiliate',
    steps: [nightGarden.view, nightGarden.add],
  },
  {
    ip: '142.1.1.1',
    userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    locale: 'en-CA',
    timezone: 'America/Toronto',
    screen: [1024, 768, 1],
    referrer: '',
    search: '',
    steps: [teas],
  },
];

function toTea(sku: string, name: string, price: number): { view: VisitStep; add: VisitStep } {
  const page = { path: `/shop/teas/${sku}`, title: `${name} · Moss & Kettle` };
  return {
    view: { ...page, event: 'page_view' },
    add: { ...page, event: 'product_added', properties: { sku, name, price, quantity: 1, currency: 'EUR' } },
  };
}
