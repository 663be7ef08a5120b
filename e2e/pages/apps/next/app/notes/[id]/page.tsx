import Link from "next/link";

export function generateStaticParams() {
  return Array.from({ length: 12 }, (_, index) => ({ id: String(index + 1) }));
}

export default async function Note({ params }: { params: Promise<{ id: string }> }) {
  const id = Number((await params).id);
  return (
    <main>
      <h1>Note {id}</h1>
      <p>
        <Link href="#first">First part</Link> <a href="#second">Second part</a>
      </p>
      <h2 id="first">First part</h2>
      <p className="text">{"Water boils sooner on a mountain. ".repeat(60)}</p>
      <h2 id="second">Second part</h2>
      <p className="text">{"Tea is in no hurry, and neither are we. ".repeat(60)}</p>
      <p>
        {id > 1 && <Link href={`/notes/${id - 1}`}>Before</Link>} {id < 12 && <Link href={`/notes/${id + 1}`}>After</Link>}
      </p>
    </main>
  );
}
