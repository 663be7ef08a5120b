/** Where an address is; '' and null where not known. `country` is ISO 3166-1 alpha-2, names are English. */
export interface GeoPlace {
  /** AF, AN, AS, EU, NA, OC or SA. */
  readonly continent: string;
  readonly country: string;
  readonly region: string;
  readonly city: string;
  /** IANA name. */
  readonly timezone: string;
  /** Degrees, rounded to 0.1: about 11 km, which is a town and no household. */
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** What stands behind a `GeoDatabase`, for health answers and for the attribution its licence asks for. */
export interface GeoDescription {
  /** The files in use; none where no database could be read, and every place is unknown. */
  readonly files: readonly { readonly path: string; readonly databaseType: string; readonly builtAt: number }[];
  /** What a page that shows places must say; '' where the database is the owner's own. */
  readonly attribution: string;
}

/** Port: finds the place of an IP address, from memory. */
export interface GeoDatabase {
  /** Gives the place of an IPv4 or IPv6 address as text; null where it is none or not known. Never throws. */
  find(ip: string): GeoPlace | null;
  /** Grows when another file has taken the place of the one before: what was found until then may be out of date. */
  revision(): number;
  describe(): GeoDescription;
}
