export default function Thanks() {
  return (
    <main>
      <h1>Thank you</h1>
      <p>It is written.</p>
    </main>
  );
}
