import { wireEventSchema } from '@px-platform/schemas';
import { describe, expect, it } from 'vitest';
import { visitTable } from './visit-table.ts';
import { createVisitors } from './visitors.ts';

const now = Date.parse('2026-07-01T12:00:00Z');

interface Sent {
  url: string;
  headers: Headers;
  batch: { anonymous_id: string; sent_at: string; events: Record<string, unknown>[] };
}

function setUp(status: number) {
  const sent: Sent[] = [];
  let ids = 0;
  const send = createVisitors({
    endpoint: 'http://127.0.0.1:8000',
    apiKey: 'px_pub_test_x',
    clock: () => now,
    newId: () => `0197c5a0-0000-7000-8000-${String(++ids).padStart(12, '0')}`,
    random: () => 0.2,
    fetch: async (url, init) => {
      sent.push({ url: String(url), headers: new Headers(init?.headers), batch: JSON.parse(String(init?.body)) });
      return new Response('{}', { status });
    },
  });
  return { send, sent };
}

describe('createVisitors', () => {
  it('sends one batch per visit, each from its own address, browser and person', async () => {
    const { send, sent } = setUp(202);
    const count = await send();
    expect(sent).toHaveLength(visitTable.length);
    expect(count).toBe(sent.reduce((sum, { batch }) => sum + batch.events.length, 0));
    expect(new Set(sent.map(({ headers }) => headers.get('x-forwarded-for'))).size).toBe(visitTable.length);
    expect(new Set(sent.map(({ batch }) => batch.anonymous_id)).size).toBe(visitTable.length);
    for (const { url, headers } of sent) {
      expect(url).toBe('http://127.0.0.1:8000/api/v1/events/batch');
      expect(headers.get('authorization')).toBe('Bearer px_pub_test_x');
      expect(headers.get('user-agent')).toMatch(/^Mozilla/);
    }
  });

  it('sends events of the wire shape, in order, none from the future', async () => {
    const { send, sent } = setUp(202);
    await send();
    for (const { batch } of sent) {
      expect(batch.sent_at).toBe('2026-07-01T12:00:00.000Z');
      const times = batch.events.map((event) => Date.parse(String(event['timestamp'])));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(Math.max(...times)).toBeLessThanOrEqual(now);
      for (const event of batch.events) expect(wireEventSchema.safeParse(event).error).toBeUndefined();
    }
  });

  it('tells the campaign and the click id of a landing page as the SDK does', async () => {
    const { send, sent } = setUp(202);
    await send();
    const paid = sent.find(({ headers }) => headers.get('x-forwarded-for') === '128.30.2.1');
    expect(paid?.batch.events[0]?.['context']).toMatchObject({
      campaign: { source: 'google', medium: 'cpc', name: 'loose-leaf' },
      click_ids: { gclid: 'Cj0KCQiA' },
    });
    expect(paid?.batch.events[1]?.['context']).not.toHaveProperty('campaign');
  });

  it('lets some buyers say who they are', async () => {
    const { send, sent } = setUp(202);
    await send();
    const identified = sent.flatMap(({ batch }) => batch.events).filter((event) => event['event'] === 'identify');
    expect(identified.length).toBeGreaterThan(0);
    expect(identified[0]).toHaveProperty('user_id');
  });

  it('counts nothing where the server refuses', async () => {
    const { send } = setUp(503);
    expect(await send()).toBe(0);
  });
});
