export default async function Page({ params }) {
  return <h1>Tea {(await params).slug}</h1>;
}
