import type { EventRow } from '@px-platform/schemas';

/** Who is who by the obvious way: events one after the other in their own time, each once, with all in memory. */
export interface IdentityModel {
  personOf(row: EventRow): string;
  outcomeOf(source: string, id: string, userId: string): string | undefined;
  propertiesOf(personId: string): Record<string, unknown>;
}

interface Said {
  readonly order: number;
  readonly id: string;
  readonly kind: 'set' | 'set_once' | 'unset';
  readonly property: string;
  readonly value: unknown;
}

/** Plays a history; ids of it all name somebody, and nobody has more of them than the limits allow. */
export function playIdentity(rows: readonly EventRow[]): IdentityModel {
  const known = new Set<string>();
  const claimed = new Set<string>();
  const parents = new Map<string, string>();
  const outcomes = new Map<string, string>();
  const said: Said[] = [];

  for (const [order, row] of inTime(rows).entries()) {
    const { user_id } = row;
    const id = row.event === 'alias' ? String(row.properties['previous_id']) : row.anonymous_id;
    if (row.event === 'identify' || row.event === 'alias') {
      if (id !== user_id && id !== '') {
        const key = `${row.event} ${id} ${user_id}`;
        const refusal = known.has(id) ? 'two_users' : 'already_joined';
        if (!outcomes.has(key)) outcomes.set(key, refusal);
        if (!known.has(id) && !claimed.has(id)) parents.set(id, user_id);
        const isNew = row.event === 'alias' && !known.has(user_id) && !parents.has(user_id);
        if (known.has(id) && isNew) parents.set(user_id, id);
        claimed.add(id);
      }
      known.add(user_id);
    }
    said.push(...toSaid(row, order));
  }

  const rootOf = (id: string): string => {
    const parent = parents.get(id);
    return parent === undefined ? id : rootOf(parent);
  };
  return {
    personOf: (row) => rootOf(row.user_id === '' ? row.anonymous_id : row.user_id),
    outcomeOf: (source, id, userId) => {
      const isOne = parents.get(id) === userId || parents.get(userId) === id;
      return isOne ? 'joined' : outcomes.get(`${source} ${id} ${userId}`);
    },
    propertiesOf: (personId) => toProperties(said.filter((one) => rootOf(one.id) === personId)),
  };
}

function inTime(rows: readonly EventRow[]): EventRow[] {
  const once = new Map(rows.map((row) => [row.event_id, row]));
  return [...once.values()].sort((a, b) => a.timestamp - b.timestamp || (a.event_id < b.event_id ? -1 : 1));
}

function toSaid(row: EventRow, order: number): Said[] {
  const id = row.user_id === '' ? row.anonymous_id : row.user_id;
  const bags = row.event === 'identify' ? [row.traits, row.properties] : [row.properties];
  return bags.flatMap((bag) => [
    ...toEntries(bag['$set_once']).map(([property, value]) => ({
      order,
      id,
      kind: 'set_once' as const,
      property,
      value,
    })),
    ...toEntries(bag['$set']).map(([property, value]) => ({ order, id, kind: 'set' as const, property, value })),
    ...(Array.isArray(bag['$unset']) ? bag['$unset'] : []).map((property) => ({
      order,
      id,
      kind: 'unset' as const,
      property: String(property),
      value: null,
    })),
  ]);
}

function toEntries(bag: unknown): [string, unknown][] {
  return typeof bag === 'object' && bag !== null ? Object.entries(bag) : [];
}

function toProperties(said: readonly Said[]): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const property of [...new Set(said.map((one) => one.property))].sort()) {
    const own = said.filter((one) => one.property === property);
    const last = own.filter((one) => one.kind !== 'set_once').at(-1);
    const onces = own.filter((one) => one.kind === 'set_once');
    const [first] = onces;
    const later = onces.filter((one) => one.order > (last?.order ?? -1));
    if (last?.kind === 'set') properties[property] = last.value;
    else if (first !== undefined && later.length > 0) {
      properties[property] = first === later[0] ? first.value : later.at(-1)?.value;
    }
  }
  return properties;
}
