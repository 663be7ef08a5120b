/** Says whether a host (lower case) is one of these or lies below one: `pay.acme.com` below `acme.com`. Never throws. */
export function isWithinHosts(host: string, hosts: readonly string[] | undefined): boolean {
  if (hosts === undefined || host === '') return false;
  for (const one of hosts) {
    const before = host.length - one.length;
    if (before === 0 ? host === one : before > 0 && host[before - 1] === '.' && host.endsWith(one)) return true;
  }
  return false;
}
