/** A site made with somebody else's starter, how it is built and served, and what its links do. */
export interface AppUnderTest {
  /** Its folder in `apps/`. */
  readonly name: string;
  /** What made it, for the table. */
  readonly madeBy: string;
  /** Writes what the committed sources leave out, such as many pages of one kind. `folder` is the copy that is built. */
  readonly fill?: (folder: string) => void;
  /** Puts the tag where a site owner would. */
  readonly pasteTag: (folder: string, tag: Tag) => void;
  /** Arguments of `npx --no-install`; none where nothing is built. */
  readonly build?: readonly string[];
  /** Arguments of `node` that serve it on a port. */
  readonly serve: (port: number) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** An expression that is true in a page which answers to a visitor. */
  readonly isReady: string;
  /** Whether a router takes links and buttons, or the browser loads a page for each. */
  readonly isRouted: boolean;
  /** Whether its router knows the addresses that `history.replaceState` wrote beside it. */
  readonly seesRewrites: boolean;
  /** Whether its router writes the address of a link before it hears where the server redirects it. */
  readonly showsRedirects: boolean;
  /** Where an address of the site leads, by its redirects. */
  readonly landing: (url: URL) => URL;
  /** Pages that a visitor may know by heart. */
  readonly bookmarks: readonly string[];
}

/** The SDK's snippet as a page holds it; the script inside it, and the file's address, for a framework that writes the tags itself. */
export interface Tag {
  readonly html: string;
  readonly script: string;
  readonly src: string;
}
