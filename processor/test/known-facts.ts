import type { KnownFacts } from '@px-platform/schemas';

/** What an export told of an event. */
export const knownFacts: KnownFacts = {
  device: {
    browser: 'Mosaic',
    browser_version: '3',
    engine: '',
    os: 'IRIX',
    os_version: '6.5',
    device: 'desktop',
    device_brand: 'SGI',
    device_model: 'Indy',
    is_bot: false,
    bot_signal: '',
  },
  place: {
    continent: '',
    country: '',
    region: '',
    city: '',
    geo_timezone: '',
    latitude: null,
    longitude: null,
  },
};
