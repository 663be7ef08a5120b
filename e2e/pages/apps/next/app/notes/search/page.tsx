"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";

export default function Search() {
  const router = useRouter();
  const [words, setWords] = useState("");
  const address = (text: string) => `/notes/search?q=${encodeURIComponent(text)}`;
  return (
    <main>
      <h1>Search</h1>
      <form
        id="search"
        onSubmit={(submit) => {
          submit.preventDefault();
          router.push("/notes/4");
        }}
      >
        <input
          id="words"
          className="live"
          name="q"
          autoComplete="off"
          value={words}
          onChange={({ target }) => {
            setWords(target.value);
            router.replace(address(target.value));
          }}
        />{" "}
        <button id="find" data-to="/notes/4" type="submit">
          Find
        </button>
      </form>
    </main>
  );
}
