import type { EventContext, LogRecord } from '@px-platform/schemas';
import { describe, expect, it } from 'vitest';
import { makePipelineEvent } from '../../test/pipeline-event.ts';
import { createProcessorMetrics } from '../metrics.ts';
import type { PipelineEvent } from '../pipeline-event.ts';
import { createSaltBook } from '../privacy/salt-book.ts';
import { runStage } from '../run-stage.ts';
import { createPrivacyStage } from './privacy.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const dayMs = 24 * 60 * 60 * 1000;

function run(given: Parameters<typeof makePipelineEvent>[0], salts = createSaltBook()): PipelineEvent {
  const result = createPrivacyStage(salts).run(makePipelineEvent(given));
  if ('kind' in result) throw new Error(result.reason);
  return result;
}

const denied: EventContext = { consent: { analytics: false } };

describe('consent.analytics: false', () => {
  const told = {
    record: {
      person_key: 'anna',
      session_id: 's1',
      ip: '203.0.113.7',
      request_id: 'anna-1',
      traceparent: '00-1',
      ip_policy: 'keep',
    },
    event: {
      event: 'identify',
      anonymous_id: 'anna',
      user_id: 'u1',
      session_id: 's1',
      traits: { plan: 'pro', note: 'anna' },
      properties: {
        plan: 'pro',
        Email: 'x',
        'first-name': 'Anna',
        note: 'write to anna@example.com!',
        list: ['a', 'anna@example.com', { phone: '1', kept: 1 }],
        $set: { plan: 'anna' },
        previous_id: 'anna',
        first_touch: { click_ids: { gclid: 'anna' } },
      },
    },
    context: {
      ...denied,
      page: {
        url: 'https://a.example/u/anna%40example.com?id=anna&utm_source=news&gclid=anna#anna',
        search: '?id=anna&utm_source=news&gclid=anna',
        referrer: 'https://b.example/?q=anna',
        title: 'Hello anna@example.com',
      },
      click_ids: { gclid: 'anna' },
      campaign: { source: 'news', content: 'anna@example.com' },
    },
  } satisfies Parameters<typeof makePipelineEvent>[0];

  it('leaves nothing of the person anywhere in record, event or context', () => {
    const { record, event, context } = run(told);
    expect(JSON.stringify([{ ...record, events: [] }, event, context])).not.toMatch(/anna|"s1"|u1|00-1/i);
    expect(record.person_key).toBe('');
    expect(record.ip_policy).toBe('drop');
  });

  it('keeps what counts a visit: page, campaign, kind of click, other properties, event id and time', () => {
    const { event, context } = run({ ...told, event: { ...told.event, timestamp: '2026-11-22T12:00:00Z' } });
    expect(context.page).toEqual({
      url: 'https://a.example/u/redacted?utm_source=news&gclid=redacted',
      search: '?utm_source=news&gclid=redacted',
      referrer: 'https://b.example/',
      title: 'Hello redacted',
    });
    expect(context.click_ids).toEqual({ gclid: 'redacted' });
    expect(context.campaign).toEqual({ source: 'news', content: 'redacted' });
    expect(event.properties).toEqual({ plan: 'pro', list: ['a', { kept: 1 }] });
    expect(event).toMatchObject({ event_id: makePipelineEvent().event.event_id, timestamp: '2026-11-22T12:00:00Z' });
  });

  it('keeps the address for the geo stage alone', () => {
    expect(run(told).record.ip).toBe('203.0.113.7');
  });

  it('holds neither where nothing was said, nor where it was granted', () => {
    for (const context of [{}, { consent: {} }, { consent: { analytics: true } }]) {
      const given = makePipelineEvent({ event: { anonymous_id: 'anna' }, context });
      expect(createPrivacyStage(createSaltBook()).run(given)).toBe(given);
    }
  });

  it('is looked at in linear time, whatever the text', () => {
    const text = `${'a.'.repeat(4_000)}@${'a.'.repeat(90)}`;
    const startedAt = performance.now();
    run({
      context: { ...denied, page: { title: text, url: `https://a.example/${text}` } },
      event: { properties: { text } },
    });
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});

describe('cookieless_visitors', () => {
  const salts = createSaltBook();
  salts.set(
    new Map([
      ['2026-11-22', 'salt one'],
      ['2026-11-23', 'salt two'],
    ]),
  );
  const keyOf = (own: Partial<LogRecord>, book = salts): string =>
    run(
      {
        record: {
          received_at: noon,
          ip: '203.0.113.7',
          user_agent: 'Firefox',
          settings: { cookieless_visitors: true },
          ...own,
        },
        context: denied,
      },
      book,
    ).record.person_key;

  it('gives one key to one address and browser of a project on one day, whatever id it sent', () => {
    expect(keyOf({})).toMatch(/^[0-9a-f]{32}$/);
    expect(keyOf({ person_key: 'other', received_at: noon + 1 })).toBe(keyOf({}));
  });

  it('gives another to another address, browser, project or day', () => {
    const keys = [
      {},
      { ip: '203.0.113.8' },
      { user_agent: 'Safari' },
      { project_id: 'p2' },
      { received_at: noon + dayMs },
    ];
    expect(new Set(keys.map((own) => keyOf(own))).size).toBe(keys.length);
  });

  it('gives nobody where the project does not ask, the salt is gone or there is no address', () => {
    expect(keyOf({ settings: {} })).toBe('');
    expect(keyOf({ received_at: noon - dayMs })).toBe('');
    expect(keyOf({ ip: '' })).toBe('');
    expect(keyOf({}, createSaltBook())).toBe('');
  });
});

describe('ads', () => {
  const page = {
    url: 'https://a.example/?fbclid=F1&x=1',
    search: '?FBCLID=F1&x=1',
    referrer: 'https://b.example/?gclid=G1',
  };
  const properties = { fbp: 'F1', x: 'F', first_touch: { campaign: { source: 's' }, click_ids: { gclid: 'G1' } } };
  const given = { context: { page, click_ids: { fbclid: 'F1' } }, event: { properties, anonymous_id: 'anna' } };

  it('denied by Sec-GPC where the event says nothing of ads: no click id stays, the person does', () => {
    const { context, event, record } = run({
      ...given,
      record: { gpc: true, context: { click_ids: { gclid: 'G1' } } },
    });
    expect(context.consent).toEqual({ ads: false });
    expect(JSON.stringify([context, event, record.context])).not.toMatch(/F1|G1/);
    expect(context.page).toMatchObject({ url: 'https://a.example/?fbclid=redacted&x=1' });
    expect(event).toMatchObject({
      anonymous_id: 'anna',
      properties: { x: 'F', first_touch: { campaign: { source: 's' } } },
    });
  });

  it('granted by the event goes before Sec-GPC, and a denial holds without it', () => {
    const granted = run({ ...given, record: { gpc: true }, context: { ...given.context, consent: { ads: true } } });
    expect(granted.context).toMatchObject({ consent: { ads: true }, click_ids: { fbclid: 'F1' } });
    const refused = run({ ...given, context: { ...given.context, consent: { analytics: true, ads: false } } });
    expect(refused.context).toMatchObject({
      consent: { analytics: true, ads: false },
      click_ids: { fbclid: 'redacted' },
    });
  });
});

describe('denied_properties', () => {
  const record = { settings: { denied_properties: ['Salary', 'tax.id'] } };

  it('go at any depth and in lists, in any case, from properties and traits', () => {
    const { event } = run({
      record,
      event: {
        properties: { salary: 1, deep: { SALARY: { a: 1 }, b: [{ Salary: 1, c: 2 }, 3] }, kept: 'salary' },
        traits: { 'Tax.ID': 1, tax: { id: 2 }, $set: { salary: 1 } },
      },
    });
    expect(event.properties).toEqual({ deep: { b: [{ c: 2 }, 3] }, kept: 'salary' });
    expect(event.traits).toEqual({ tax: { id: 2 }, $set: {} });
  });

  it('of one project are not those of the next record', () => {
    const stage = createPrivacyStage(createSaltBook());
    const propertiesUnder = (settings: LogRecord['settings']) => {
      const given = makePipelineEvent({ record: settings ? { settings } : {}, event: { properties: { a: 1, b: 2 } } });
      const result = stage.run(given);
      return 'kind' in result ? undefined : result.event.properties;
    };
    expect(propertiesUnder({ denied_properties: ['a'] })).toEqual({ b: 2 });
    expect(propertiesUnder({ denied_properties: ['b'] })).toEqual({ a: 1 });
    expect(propertiesUnder(undefined)).toEqual({ a: 1, b: 2 });
  });
});

describe('a dead letter', () => {
  const failing = {
    name: 'failing',
    run: () => {
      throw new Error('broken');
    },
  };
  const letterOf = (event: PipelineEvent): string => {
    const [letter] = runStage(failing, [event], createProcessorMetrics()).letters;
    return Buffer.from(letter?.payload ?? '', 'base64').toString();
  };

  it.each([
    ['drop', ''],
    ['truncate', '203.0.113.0'],
    ['keep', '203.0.113.7'],
  ] as const)('keeps the address under the policy %s as "%s"', (ip_policy, ip) => {
    const letter = letterOf(run({ record: { ip: '203.0.113.7', ip_policy } }));
    expect(JSON.parse(letter)).toMatchObject({ ip });
  });

  it('holds neither who denied analytics nor what the project denies, and is still a record', () => {
    const record = {
      person_key: 'anna',
      ip: '203.0.113.7',
      ip_policy: 'keep' as const,
      settings: { denied_properties: ['x'] },
    };
    const event = { anonymous_id: 'anna', properties: { x: 'anna', y: 1 } };
    const letter = letterOf(run({ record: { ...record, context: denied }, event, context: denied }));
    expect(letter).not.toMatch(/anna|203/);
    expect(JSON.parse(letter)).toMatchObject({ person_key: '-', events: [{ properties: { y: 1 }, context: denied }] });
  });
});
