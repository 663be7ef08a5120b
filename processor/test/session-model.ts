/** An event as far as sessions go; instants are epoch ms. */
export interface ModelEvent {
  readonly id: string;
  readonly person: string;
  readonly at: number;
  readonly receivedAt: number;
  /** '' where none. */
  readonly campaign: string;
  /** The client's id, where it gave one. */
  readonly named?: string;
}

/** A session of the model: whose events it holds and which, in the order in which they came. */
export interface ModelSession {
  readonly id: string;
  readonly person: string;
  readonly events: ModelEvent[];
}

const hour = 3_600_000;
const timeout = hour / 2;

/**
 * The rules of `docs/data-model.md`, slow and obvious: what a session is is worked out of its events each time. `events`
 * are in the order in which they came. A session that begins without a client's id is called what `idOf` says.
 */
export function toModelSessions(events: readonly ModelEvent[], idOf: (event: ModelEvent) => string): ModelSession[] {
  const sessions: ModelSession[] = [];
  for (const event of events) {
    const known = sessions
      .filter((session) => session.person === event.person)
      .map((session) => ({ ...session, events: session.events.filter((one) => toDay(one) >= toDay(event) - 1) }))
      .filter((session) => session.events.length > 0);
    const id = choose(known, event)?.id ?? toNewId(known, event, idOf);
    const session = sessions.find((one) => one.person === event.person && one.id === id);
    if (session === undefined) sessions.push({ id, person: event.person, events: [event] });
    else session.events.push(event);
  }
  return sessions;
}

/** Cuts events that came in the order in which they happened: what a person with a pencil would do. */
export function cutInOrder(events: readonly ModelEvent[]): ModelEvent[][] {
  const sessions: ModelEvent[][] = [];
  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    const current = sessions.at(-1);
    const [first, last] = [current?.[0], current?.at(-1)];
    const isNew =
      first === undefined ||
      last === undefined ||
      event.at - last.at > timeout ||
      event.at - first.at > 24 * hour ||
      (event.campaign !== '' && event.campaign !== first.campaign);
    if (isNew) sessions.push([event]);
    else current?.push(event);
  }
  return sessions;
}

export function toStart(session: ModelSession): number {
  return Math.min(...session.events.map(({ at }) => at));
}

export function toEnd(session: ModelSession): number {
  return Math.max(...session.events.map(({ at }) => at));
}

function toDay({ receivedAt }: ModelEvent): number {
  return Math.floor(receivedAt / (24 * hour));
}

function toCampaign(session: ModelSession): string {
  const bearing = session.events.filter(({ campaign }) => campaign !== '');
  return bearing.toSorted((a, b) => a.at - b.at)[0]?.campaign ?? '';
}

function choose(open: readonly ModelSession[], event: ModelEvent): ModelSession | undefined {
  const own = toName(event);
  const named = open.find(({ id }) => id === own);
  if (named !== undefined && lasts(named, event) <= 24 * hour) return named;
  if (own !== undefined && named === undefined) return undefined;

  const possible = open
    .filter((session) => lasts(session, event) <= 24 * hour)
    .toSorted((a, b) => toStart(a) - toStart(b) || (a.id < b.id ? -1 : 1));
  const running = possible.findLast((session) => toStart(session) <= event.at && event.at <= toEnd(session) + timeout);
  if (running !== undefined && (event.campaign === '' || event.campaign === toCampaign(running))) return running;
  const next = possible.find((session) => toStart(session) > event.at);
  return next !== undefined && toStart(next) - event.at <= timeout && toCampaign(next) === event.campaign
    ? next
    : undefined;
}

function lasts(session: ModelSession, event: ModelEvent): number {
  return Math.max(toEnd(session), event.at) - Math.min(toStart(session), event.at);
}

/** A UUIDv7 of another day names no session. */
function toName({ named, at }: ModelEvent): string | undefined {
  if (named?.charAt(14) !== '7') return named;
  const bornAt = Number.parseInt(named.replaceAll('-', '').slice(0, 12), 16);
  return Math.abs(bornAt - at) > 25 * hour ? undefined : named;
}

function toNewId(open: readonly ModelSession[], event: ModelEvent, idOf: (event: ModelEvent) => string): string {
  const own = toName(event);
  if (own !== undefined && !open.some(({ id }) => id === own)) return own;
  const id = idOf(event);
  if (open.some((session) => session.id === id)) throw new Error(`${event.id} begins a session, but joined ${id}`);
  return id;
}
