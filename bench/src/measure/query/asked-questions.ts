/** A question of the benchmark. `kind` says which limit it has: a chart of a dashboard, a funnel, or none of its own. */
export interface AskedQuestion {
  readonly name: string;
  readonly kind: 'dashboard' | 'funnel' | 'other';
  readonly question: object;
}

const funnelSteps = ['page_view', 'click', 'product_viewed', 'product_added', 'checkout_started'];

/** Gives every question once over a time; `person` and `session` are ones that the store holds. */
export function toAskedQuestions(
  range: { readonly from: string; readonly to: string },
  { person, session }: { person: string; session: string },
): AskedQuestion[] {
  const about = (name: string, kind: AskedQuestion['kind'], own: object): AskedQuestion => ({
    name,
    kind,
    question: { ...range, ...own },
  });
  const german = [{ field: 'country', op: 'eq', value: 'DE' }];
  return [
    about('overview', 'dashboard', { question: 'overview' }),
    about('overview of one country', 'dashboard', { question: 'overview', filters: german }),
    about('timeseries by day', 'dashboard', { question: 'timeseries', interval: 'day' }),
    about('timeseries by hour', 'dashboard', { question: 'timeseries', interval: 'hour' }),
    about('breakdown by country', 'dashboard', { question: 'breakdown', by: 'country' }),
    about('breakdown by event', 'dashboard', { question: 'breakdown', by: 'event' }),
    about('breakdown by a property', 'dashboard', { question: 'breakdown', by: 'properties.sku', event: 'purchase' }),
    about('pages', 'dashboard', { question: 'pages' }),
    about('entry pages', 'dashboard', { question: 'entry_pages' }),
    about('exit pages', 'dashboard', { question: 'exit_pages' }),
    about('sources', 'dashboard', { question: 'sources' }),
    { name: 'live visitors', kind: 'dashboard', question: { question: 'live_visitors', minutes: 30 } },
    about('property keys', 'dashboard', { question: 'property_keys' }),
    about('property values', 'dashboard', { question: 'property_values', field: 'properties.sku' }),
    about('events', 'dashboard', { question: 'events' }),
    about('person timeline', 'dashboard', { question: 'person_timeline', person }),
    about('session events', 'dashboard', { question: 'session_events', session_id: session }),
    about('funnel of five steps', 'funnel', { question: 'funnel', steps: funnelSteps.map((event) => ({ event })) }),
    about('retention by week', 'other', { question: 'retention' }),
    about('paths', 'other', { question: 'paths', start: '/' }),
  ];
}
