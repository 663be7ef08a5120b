import type { StoreInspection } from '@px-platform/store/inspection';

/** How a derived table stands against the same worked out from `events`. */
export interface DerivedFinding {
  readonly table: string;
  /** Rows that the events give. */
  readonly rows: number;
  /** Of these, how many the table lacks or has otherwise. */
  readonly missing: number;
  /** Rows of the table that the events don't give. */
  readonly extra: number;
}

const entryOrder = "(event != 'page_view', timestamp, _offset, _index)";
const exitOrder = "(event = 'page_view', timestamp, _offset, _index)";
const touchOrder = "(channel NOT IN ('', 'direct'), timestamp, _offset, _index)";
const touches = ['channel', 'utm_source', 'utm_medium', 'utm_campaign', 'referrer_host'];
const places = ['country', 'region', 'city', 'device', 'browser', 'os', 'is_bot'];
const holder = "if(user_id != '', user_id, anonymous_id)";

/** Each table by two questions with the same columns: what it says, and what the events say, in other words than the store's. */
const tables: readonly { readonly table: string; readonly stored: string; readonly rebuilt: string }[] = [
  {
    table: 'sessions',
    stored: `
SELECT toString(project_id), session_id, person_key, start_at, end_at, toInt64(duration_ms), toUInt64(engaged_ms), toUInt64(events),
    toUInt64(page_views), toBool(is_bounce), entry_path, exit_path, ${touches.join(', ')},
    ${touches.map((name) => `last_${name}`).join(', ')}, ${places.join(', ')}
FROM sessions_v`,
    rebuilt: `
SELECT toString(project_id), session_id, person_key, min(timestamp) AS start, max(timestamp) AS end,
    toInt64(dateDiff('millisecond', start, end)),
    toUInt64(sumIf(toUInt32OrZero(toString(properties.engaged_ms)), event = 'scroll') AS engaged),
    count(), countIf(event = 'page_view') AS views, toBool(views <= 1 AND engaged < 10000),
    argMin(path, ${entryOrder}), argMax(path, ${exitOrder}),
    ${touches.map((name) => `argMin(toString(${name}), ${entryOrder})`).join(', ')},
    ${touches.map((name) => `argMax(toString(${name}), ${touchOrder})`).join(', ')},
    ${places.map((name) => `argMin(${name === 'is_bot' ? name : `toString(${name})`}, ${entryOrder})`).join(', ')}
FROM events GROUP BY project_id, session_id, person_key`,
  },
  {
    table: 'identity_claims',
    stored: `
SELECT toString(project_id), id, user_id, toString(source), min(first).1, min(first).2, max(last_at)
FROM identity_claims GROUP BY project_id, id, user_id, source`,
    rebuilt: `
SELECT toString(project_id), claim.1 AS id, user_id, claim.2 AS source,
    min((timestamp, toString(event_id))).1, min((timestamp, toString(event_id))).2, max(timestamp)
FROM events ARRAY JOIN [(user_id, 'known'), (anonymous_id, 'identify')] AS claim
WHERE event = 'identify' GROUP BY project_id, id, user_id, source`,
  },
  {
    table: 'identity_properties',
    stored: `
SELECT toString(project_id), toString(holder), id, property, toString(operation), min(first).1, min(first).4, max(last).1, max(last).4
FROM identity_properties GROUP BY project_id, holder, id, property, operation`,
    rebuilt: `
SELECT toString(project_id), said.1 AS holder, said.2 AS id, said.3 AS property, said.4 AS operation,
    min((timestamp, toString(event_id), said.5)).1, min((timestamp, toString(event_id), said.5)).3,
    max((timestamp, toString(event_id), said.5)).1, max((timestamp, toString(event_id), said.5)).3
FROM events ARRAY JOIN if(event = 'group',
    [('group', toString(properties.group_id), 'name', 'set', concat('"', toString(traits.name), '"'))],
    [('person', ${holder}, 'plan', 'set', concat('"', toString(traits.plan), '"')),
     ('person', ${holder}, 'first_step', 'set_once', toString(traits.\`$set_once\`.first_step))]) AS said
WHERE event IN ('identify', 'group') GROUP BY project_id, holder, id, property, operation`,
  },
  {
    table: 'group_members',
    stored: `
SELECT toString(project_id), group_id, id, min(first_at), max(last_at)
FROM group_members GROUP BY project_id, group_id, id`,
    rebuilt: `
SELECT toString(project_id), toString(properties.group_id) AS group_id, ${holder} AS id, min(timestamp), max(timestamp)
FROM events WHERE event = 'group' GROUP BY project_id, group_id, id`,
  },
];

/** Works every derived table out anew from the stored events and holds it against what stands in it. */
export async function checkDerived(store: StoreInspection): Promise<DerivedFinding[]> {
  const findings: DerivedFinding[] = [];
  for (const { table, stored, rebuilt } of tables) {
    const count = async (sql: string): Promise<number> => {
      const [row] = await store.ask(
        `SELECT count() FROM (${sql}) SETTINGS max_bytes_before_external_group_by = 1000000000`,
      );
      return Number(row?.[0]);
    };
    findings.push({
      table,
      rows: await count(rebuilt),
      missing: await count(`${rebuilt} EXCEPT ${stored}`),
      extra: await count(`${stored} EXCEPT ${rebuilt}`),
    });
  }
  return findings;
}
