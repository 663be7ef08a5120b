import type { ProjectSettingsChange } from '@px-platform/schemas';
import { type Command, Option } from 'commander';
import { collect } from './option-values.ts';

/** What commander reads of the options below; false where one was taken back. */
export interface SettingOptions {
  readonly internalHost?: string[] | false;
  readonly paymentHost?: string[] | false;
  readonly denyProperty?: string[] | false;
  readonly cookielessVisitors?: 'on' | 'off';
}

/** Adds an option for each of a project's settings. */
export function addSettingOptions(verb: Command): Command {
  return verb
    .option(
      '--internal-host <host>',
      'a host whose referrals are internal, acme.com with all below it; repeatable',
      collect,
    )
    .option(
      '--payment-host <host>',
      'a host where people pay, from which a return begins no visit; repeatable',
      collect,
    )
    .option('--deny-property <key>', 'a property that is never stored; repeatable', collect)
    .addOption(
      new Option('--cookieless-visitors <on or off>', 'count visitors without consent by a hash of the day').choices([
        'on',
        'off',
      ]),
    );
}

/** Adds an option that takes each list back. */
export function addNoSettingOptions(verb: Command): Command {
  return verb
    .option('--no-internal-host', 'none of them')
    .option('--no-payment-host', 'none of them')
    .option('--no-deny-property', 'none of them');
}

/** Gives the settings that the options name; undefined where they name none. */
export function toSettings(options: SettingOptions): ProjectSettingsChange | undefined {
  const settings = {
    internal_hosts: orNull(options.internalHost),
    payment_hosts: orNull(options.paymentHost),
    denied_properties: orNull(options.denyProperty),
    cookieless_visitors: options.cookielessVisitors === undefined ? undefined : options.cookielessVisitors === 'on',
  };
  return Object.values(settings).every((one) => one === undefined) ? undefined : settings;
}

function orNull(given: string[] | false | undefined): string[] | null | undefined {
  return given === false ? null : given;
}
