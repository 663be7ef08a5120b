import type { EventRow } from '@px-platform/schemas';

/**
 * What an event's browser and device are: columns of the row, '' where not known.
 * `device` is one of 'desktop', 'mobile', 'tablet', 'tv', 'console', 'wearable', 'bot' or ''.
 */
export type DeviceFacts = Readonly<
  Pick<
    EventRow,
    'browser' | 'browser_version' | 'os' | 'os_version' | 'device' | 'device_brand' | 'device_model' | 'is_bot'
  >
>;

const desktopSystem = /^(?:Windows|macOS|Chrome OS|Linux|GNU|.*BSD|Solaris|Haiku)$/;
const linuxDistribution =
  /^(?:Ubuntu|Debian|Fedora|Arch|CentOS|Gentoo|Mint|SUSE|RedHat|Manjaro|Mageia|Mandriva|Raspbian|Slackware|elementary OS|Zorin|Kubuntu|Xubuntu|Deepin)/i;

/** Says whether this operating system runs on desks and laps. */
export function isDesktopSystem(os: string): boolean {
  return desktopSystem.test(os) || linuxDistribution.test(os);
}
