import { redirect } from "next/navigation";

async function save() {
  "use server";
  redirect("/notes/thanks");
}

export default function Write() {
  return (
    <main>
      <h1>Write</h1>
      <form id="write" action={save}>
        <input id="title" name="title" autoComplete="off" /> <textarea id="note" name="note" />{" "}
        <button id="save" data-to="/notes/thanks" type="submit">
          Save
        </button>
      </form>
    </main>
  );
}
