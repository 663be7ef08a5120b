/** Where an address is; '' where not known. `country` is ISO 3166-1 alpha-2, names are English. */
export interface GeoPlace {
  readonly country: string;
  readonly region: string;
  readonly city: string;
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
  describe(): GeoDescription;
}
