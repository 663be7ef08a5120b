import Link from "next/link";
import type { ReactNode } from "react";

export default function NotesLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <nav id="menu">
        <Link href="/">Start</Link> <Link href="/notes">All notes</Link> <Link href="/notes/desk">Desk</Link>{" "}
        <Link href="/notes/search">Search</Link> <Link href="/notes/write">Write</Link>{" "}
        <Link href="/notes/old">The old address</Link>{" "}
        <Link className="replace" replace href="/notes/12">
          Latest, in place
        </Link>{" "}
        <a className="hard" href="/notes/desk">
          Desk, anew
        </a>{" "}
        <a href="/notes/11" target="_blank">
          In a tab of its own
        </a>{" "}
        <a className="away" href="http://elsewhere.example/">
          Elsewhere
        </a>{" "}
        <a href="/next.svg" download>
          Download
        </a>
      </nav>
      {children}
    </>
  );
}
