import type { CollectorAnswer, Contestant } from './contestant.ts';

/** The page without an SDK: what the loop that calls `track` costs by itself. */
export const emptyPage: Contestant = {
  name: 'empty page',
  packageName: null,
  remark: 'an empty `track`',
  toCode: () => ({ imports: '', init: '', track: '() => {}' }),
  toAnswer: () => toJson(200, {}),
};

/** The SDK of this house, as a bundler takes it from its built ES module. */
export const px: Contestant = {
  name: 'px',
  packageName: null,
  remark: 'defaults',
  toCode: ({ dist, collector }) => ({
    imports: `import PX from ${JSON.stringify(`${dist}/px.mjs`)};`,
    init: `PX.init({ apiKey: 'px_pub_live_0123456789abcdefghijklmnopqrstAbCdEf', projectId: 'bench', endpoint: '${collector}' })`,
    track: '(name, properties) => PX.track(name, properties)',
    flush: '() => PX.flush()',
  }),
  toAnswer: (accepted) => toJson(202, { accepted, rejected: 0, events: [] }),
};

/** The SDKs beside which it stands, all under MIT, Apache or BSD licences. */
export const peers: readonly Contestant[] = [
  {
    name: 'Plausible',
    packageName: '@plausible-analytics/tracker',
    remark: '`captureOnLocalhost`, since the page is there',
    toCode: ({ collector }) => ({
      imports: "import { init, track } from '@plausible-analytics/tracker';",
      init: `init({ domain: 'bench.example', endpoint: '${collector}/api/event', captureOnLocalhost: true })`,
      track: '(name, properties) => track(name, { props: properties })',
    }),
    toAnswer: () => ({ status: 202, body: 'ok' }),
  },
  {
    name: 'OpenPanel',
    packageName: '@openpanel/web',
    remark: '`trackScreenViews`; no replay, as by default',
    toCode: ({ collector }) => ({
      imports: "import { OpenPanel } from '@openpanel/web';",
      init: `globalThis.op = new OpenPanel({ apiUrl: '${collector}', clientId: 'bench', trackScreenViews: true })`,
      track: '(name, properties) => globalThis.op.track(name, properties)',
    }),
    toAnswer: () => toJson(200, { deviceId: 'bench', sessionId: 'bench' }),
  },
  {
    name: 'Snowplow',
    packageName: '@snowplow/browser-tracker',
    remark: '`trackPageView` called once',
    toCode: ({ collector }) => ({
      imports:
        "import { flushBuffer, newTracker, trackPageView, trackSelfDescribingEvent } from '@snowplow/browser-tracker';",
      init: `newTracker('sp', '${collector}', { appId: 'bench' }); trackPageView()`,
      track:
        "(name, data) => trackSelfDescribingEvent({ event: { schema: 'iglu:bench.example/' + name + '/jsonschema/1-0-0', data } })",
      flush: '() => flushBuffer()',
    }),
    toAnswer: () => ({ status: 200, body: 'ok' }),
  },
  {
    name: 'Sentry',
    packageName: '@sentry/browser',
    remark: '`captureMessage` with a message of its own each, since it drops repeated ones',
    toCode: ({ collector }) => ({
      imports: "import { captureMessage, flush, init } from '@sentry/browser';",
      init: `init({ dsn: '${collector.replace('//', '//bench@')}/1' })`,
      track: "(name, properties) => captureMessage(name + ' ' + properties.sku, { extra: properties })",
      flush: '() => flush()',
    }),
    toAnswer: () => toJson(200, { id: '0'.repeat(32) }),
  },
  {
    name: 'Segment',
    packageName: '@segment/analytics-next',
    remark: 'settings given in the call, not fetched; `page` called once',
    toCode: ({ collector }) => ({
      imports: "import { AnalyticsBrowser } from '@segment/analytics-next';",
      init: `globalThis.segment = AnalyticsBrowser.load({ writeKey: 'bench', cdnSettings: { integrations: { 'Segment.io': {
        apiKey: 'bench', apiHost: '${collector.replace('http://', '')}/v1', protocol: 'http' } } } }); globalThis.segment.page()`,
      track: '(name, properties) => void globalThis.segment.track(name, properties)',
    }),
    toAnswer: () => toJson(200, { success: true }),
  },
  {
    name: 'Amplitude',
    packageName: '@amplitude/analytics-browser',
    remark: 'remote configuration off',
    toCode: ({ collector }) => ({
      imports: "import { flush, init, track } from '@amplitude/analytics-browser';",
      init: `init('0123456789abcdef0123456789abcdef', { serverUrl: '${collector}/2/httpapi', fetchRemoteConfig: false, remoteConfig: { fetchRemoteConfig: false } })`,
      track: '(name, properties) => void track(name, properties)',
      flush: '() => flush()',
    }),
    toAnswer: (events) =>
      toJson(200, { code: 200, events_ingested: events, payload_size_bytes: 0, server_upload_time: 0 }),
  },
  {
    name: 'PostHog',
    packageName: 'posthog-js',
    remark: 'flags, replay, surveys and remote scripts off; its own limit of 10 events/s lifted',
    toCode: ({ collector }) => ({
      imports: "import posthog from 'posthog-js';",
      init: `posthog.init('phc_bench', { api_host: '${collector}', advanced_disable_flags: true, disable_session_recording: true,
        disable_surveys: true, disable_external_dependency_loading: true,
        rate_limiting: { events_per_second: 100000, events_burst_limit: 100000 } })`,
      track: '(name, properties) => void posthog.capture(name, properties)',
    }),
    toAnswer: () => toJson(200, { status: 1 }),
  },
];

function toJson(status: number, body: object): CollectorAnswer {
  return { status, body: JSON.stringify(body) };
}
