export default async function Page({ params }) {
  return <h1>Page {(await params).path.join(' ')}</h1>;
}
