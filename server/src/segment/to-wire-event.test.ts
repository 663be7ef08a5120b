import { wireEventSchema } from '@px-platform/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toWireEvent } from './to-wire-event.ts';

const messageId = '019A0000-0000-7000-8000-000000000001';

describe('toWireEvent', () => {
  it('maps a track call with all that has a field of ours', () => {
    const call = {
      event: 'Order Completed',
      messageId,
      timestamp: '2026-01-15T12:00:00.000Z',
      originalTimestamp: '2026-01-15T13:00:00.000Z',
      anonymousId: 'a1',
      userId: 'u1',
      properties: { total: 9.5 },
      integrations: { All: false },
      context: {
        page: {
          url: 'https://a.example/x?y=1',
          path: '/x',
          referrer: 'https://b.example/',
          title: 'X',
          search: '?y=1',
          tab: 1,
        },
        screen: { width: 1280, height: '720', density: 2 },
        locale: 'pt-BR',
        timezone: 'America/Sao_Paulo',
        library: { name: 'analytics.js', version: '2.11.0' },
        campaign: { source: 'news', medium: 'email', name: 'spring', other: 'x' },
        userAgentData: { brands: [{ brand: 'Chromium', version: '156' }], mobile: false, platform: 'Linux' },
        ip: '203.0.113.9',
        userAgent: 'Mozilla/5.0',
        app: { name: 'Shop' },
      },
    };
    expect(toWireEvent(call, 'track')).toEqual({
      ip: '203.0.113.9',
      userAgent: 'Mozilla/5.0',
      event: {
        event: 'Order Completed',
        event_id: messageId.toLowerCase(),
        timestamp: '2026-01-15T12:00:00.000Z',
        anonymous_id: 'a1',
        user_id: 'u1',
        properties: { total: 9.5 },
        context: {
          page: {
            url: 'https://a.example/x?y=1',
            path: '/x',
            referrer: 'https://b.example/',
            title: 'X',
            search: '?y=1',
          },
          screen: { width: 1280, density: 2 },
          locale: 'pt-BR',
          timezone: 'America/Sao_Paulo',
          library: { name: 'analytics.js', version: '2.11.0' },
          campaign: { source: 'news', medium: 'email', name: 'spring' },
          client_hints: { full_version_list: '"Chromium";v="156"', mobile: '?0', platform: 'Linux' },
        },
      },
    });
  });

  it.each([
    [
      'page',
      { name: 'Home', category: 'Docs', properties: { url: 'https://a.example/', x: 1 } },
      {
        event: 'page_view',
        properties: { url: 'https://a.example/', x: 1, name: 'Home', category: 'Docs' },
        context: { page: { url: 'https://a.example/' } },
      },
    ],
    ['screen', { name: 'Cart' }, { event: 'screen_view', properties: { name: 'Cart' } }],
    ['identify', { traits: { email: 'a@b.c' } }, { event: 'identify', traits: { email: 'a@b.c' } }],
    ['identify', { context: { traits: { plan: 'pro' } } }, { event: 'identify', traits: { plan: 'pro' } }],
    [
      'group',
      { groupId: 7, traits: { seats: 3 } },
      { event: 'group', traits: { seats: 3 }, properties: { group_id: '7' } },
    ],
    ['alias', { previousId: 'a1' }, { event: 'alias', properties: { previous_id: 'a1' } }],
    ['track', { event: 'x', originalTimestamp: '2026-01-15' }, { event: 'x', timestamp: '2026-01-15T00:00:00Z' }],
    ['track', { event: 'x', context: { groupId: 'g1' } }, { event: 'x', properties: { group_id: 'g1' } }],
  ] as const)('maps %s %j', (type, call, event) => {
    expect(toWireEvent({ userId: 'u1', ...call }, type).event).toEqual({ user_id: 'u1', ...event });
  });

  it('gives a messageId that is no UUID one id for ever, and another for another', () => {
    const idOf = (given: unknown) => toWireEvent({ messageId: given }, 'track').event['event_id'];
    expect(idOf('node-next-1768478400000-1')).toBe('aedec580-a4f1-56a3-b91d-d00e80926d5e');
    expect(idOf('node-next-1768478400000-2')).not.toBe(idOf('node-next-1768478400000-1'));
    expect([idOf(undefined), idOf(''), idOf({}), idOf(null)]).toEqual([undefined, undefined, undefined, undefined]);
    expect(idOf(42)).toBe(idOf('42'));
  });

  it.each([
    ['2026-01-15', '2026-01-15T00:00:00Z'],
    ['2026-01-15T12:00', '2026-01-15T12:00:00Z'],
    ['2026-01-15 12:00:00.123456', '2026-01-15T12:00:00.123456Z'],
    ['2026-01-15T12:00:00+0200', '2026-01-15T12:00:00+02:00'],
    ['2026-01-15T12:00:00-03:00', '2026-01-15T12:00:00-03:00'],
    ['2026-01-15t12:00:00z', '2026-01-15T12:00:00Z'],
    ['yesterday', 'yesterday'],
    [1_768_478_400_000, 1_768_478_400_000],
    [null, undefined],
  ])('reads the timestamp %j as %j', (timestamp, expected) => {
    expect(toWireEvent({ timestamp }, 'track').event['timestamp']).toBe(expected);
  });

  it('takes no address that is none', () => {
    for (const ip of ['', 'localhost', '1.2.3', 7, null]) expect(toWireEvent({ context: { ip } }, 'track').ip).toBe('');
    expect(toWireEvent({ context: { ip: '2001:db8::1' } }, 'track').ip).toBe('2001:db8::1');
  });

  it('makes, of any JSON, an event that is refused for what the client wrote alone: never for its context', () => {
    const calls = fc.record({ context: fc.jsonValue({ maxDepth: 4 }), properties: fc.constant({}) });
    const context = fc.record(
      Object.fromEntries(
        ['page', 'screen', 'locale', 'timezone', 'library', 'campaign', 'userAgentData', 'sessionId', 'groupId'].map(
          (field) => [
            field,
            fc.oneof(
              fc.jsonValue(),
              fc.record({
                width: fc.jsonValue(),
                url: fc.jsonValue(),
                brands: fc.jsonValue(),
                name: fc.jsonValue(),
                platform: fc.jsonValue(),
              }),
            ),
          ],
        ),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(calls, fc.record({ context })), (call) => {
        const { event } = toWireEvent({ ...call, event: 'x', userId: 'u' }, 'track');
        expect(wireEventSchema.safeParse(event).error?.issues ?? []).toEqual([]);
      }),
    );
  });
});
