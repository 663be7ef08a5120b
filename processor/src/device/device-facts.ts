import type { EventRow } from '@px-platform/schemas';

/**
 * What an event's browser and device are: columns of the row, '' where not known. `bot_signal` is a `BotSignal`.
 * `device` is one of 'desktop', 'mobile', 'tablet', 'tv', 'console', 'wearable', 'bot' or ''.
 */
export type DeviceFacts = Readonly<
  Pick<
    EventRow,
    | 'browser'
    | 'browser_version'
    | 'engine'
    | 'os'
    | 'os_version'
    | 'device'
    | 'device_brand'
    | 'device_model'
    | 'is_bot'
    | 'bot_signal'
  >
>;

const desktopSystem = /^(?:Windows|macOS|Chrome OS|Linux|GNU|.*BSD|Solaris|Haiku)$/;
const linuxDistribution =
  /^(?:Ubuntu|Debian|Fedora|Arch|CentOS|Gentoo|Mint|SUSE|RedHat|Manjaro|Mageia|Mandriva|Raspbian|Slackware|elementary OS|Zorin|Kubuntu|Xubuntu|Deepin)/i;

/** Says whether this operating system runs on desks and laps. */
export function isDesktopSystem(os: string): boolean {
  return desktopSystem.test(os) || linuxDistribution.test(os);
}
