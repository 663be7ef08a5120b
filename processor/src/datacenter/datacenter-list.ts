/** Port: knows the networks of datacentres, in memory. */
export interface DatacenterList {
  /** Says whether an IPv4 or IPv6 address as text lies in a datacentre; false where it is none or not known. Never throws. */
  has(ip: string): boolean;
  /** Grows when another list has taken the place of the one before: what was said until then may be out of date. */
  revision(): number;
}
