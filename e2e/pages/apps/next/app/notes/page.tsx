import Link from "next/link";

const numbers = Array.from({ length: 12 }, (_, index) => index + 1);

export default function Notes() {
  return (
    <main>
      <h1>All notes</h1>
      <p id="sorting">
        <Link href="/notes?sort=title">By title</Link> <Link href="/notes?sort=date">By date</Link>
      </p>
      <ul>
        {numbers.map((number) => (
          <li key={number}>
            <Link href={`/notes/${number}`}>Note {number}</Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
