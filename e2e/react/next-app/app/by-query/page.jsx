export default function Page() {
  return <h1>By query</h1>;
}
