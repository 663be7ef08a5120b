import { describe, expect, it } from 'vitest';
import { projectSettingsChangeSchema, projectSettingsSchema } from './project-settings.ts';

describe('the settings of a project', () => {
  it('takes hosts in any case and keeps them in lower case', () => {
    const settings = projectSettingsSchema.parse({
      internal_hosts: [' Shop.ACME.com '],
      payment_hosts: ['pay.acme.com'],
    });
    expect(settings).toEqual({ internal_hosts: ['shop.acme.com'], payment_hosts: ['pay.acme.com'] });
  });

  it.each([
    ['a URL for a host', { internal_hosts: ['https://acme.com'] }],
    ['a wildcard', { payment_hosts: ['*.acme.com'] }],
    ['a host of one label', { payment_hosts: ['com'] }],
    ['an empty property', { denied_properties: [' '] }],
    ['a property that no store can hold', { denied_properties: ['a\0'] }],
    ['half a character', { denied_properties: ['\ud800'] }],
    ['201 properties', { denied_properties: Array.from({ length: 201 }, (_, index) => `p${index}`) }],
    ['a text for a switch', { cookieless_visitors: 'yes' }],
    ['a setting that there is not', { denied: [] }],
  ])('refuses %s', (_, settings) => {
    expect(projectSettingsSchema.safeParse(settings).success).toBe(false);
  });
});

describe('a change of the settings of a project', () => {
  it('holds each setting to the same rules, and takes null for each', () => {
    const change = { internal_hosts: [' ACME.com'], payment_hosts: null };
    expect(projectSettingsChangeSchema.parse(change)).toEqual({ internal_hosts: ['acme.com'], payment_hosts: null });
    const none = { internal_hosts: null, payment_hosts: null, denied_properties: null, cookieless_visitors: null };
    expect(projectSettingsChangeSchema.parse(none)).toEqual(none);
    expect(Object.keys(none)).toEqual(Object.keys(projectSettingsSchema.shape));
    for (const wrong of [{ internal_hosts: ['com'] }, { cookieless_visitors: 1 }, { denied: null }]) {
      expect(projectSettingsChangeSchema.safeParse(wrong).success).toBe(false);
    }
  });
});
