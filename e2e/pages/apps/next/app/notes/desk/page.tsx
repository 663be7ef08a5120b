"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";

export default function Desk() {
  const router = useRouter();
  const [count, setCount] = useState(0);
  return (
    <main>
      <h1>Desk</h1>
      <p>
        <button id="count" className="plain" type="button" onClick={() => setCount(count + 1)}>
          <span>Count</span>
        </button>{" "}
        <output>{count}</output>{" "}
        <button id="mark" className="plain" type="button" onClick={() => history.replaceState({ seen: true }, "")}>
          Mark
        </button>{" "}
        <button id="off" type="button" disabled>
          Not today
        </button>{" "}
        <a id="void" href="#" onClick={(click) => click.preventDefault()}>
          Nowhere
        </a>
      </p>
      <div id="tile" role="button" tabIndex={0} onClick={() => setCount(count + 1)}>
        A tile
      </div>
      <details>
        <summary>More</summary>
        <p>There is no more.</p>
      </details>
      <p>
        <input id="agree" type="checkbox" /> <label htmlFor="agree">I agree</label>{" "}
        <label>
          <input type="radio" name="size" value="small" /> Small
        </label>{" "}
        <label>
          <input type="radio" name="size" value="large" /> Large
        </label>{" "}
        <select id="colour">
          <option>Red</option>
          <option>Blue</option>
        </select>
      </p>
      <p>
        <button className="push" data-to="/notes/2" type="button" onClick={() => router.push("/notes/2")}>
          Go to the second
        </button>{" "}
        <button className="push" data-to="/notes/desk?page=2" type="button" onClick={() => router.push("?page=2")}>
          Next page
        </button>{" "}
        <button className="push" data-to="/notes/desk?page=3" type="button" onClick={() => history.pushState(null, "", "?page=3")}>
          Last page
        </button>{" "}
        <button className="replace" data-to="/notes/3" type="button" onClick={() => router.replace("/notes/3")}>
          Become the third
        </button>{" "}
        <button className="replace" data-to="/notes/desk?view=grid" type="button" onClick={() => router.replace("?view=grid")}>
          Grid
        </button>{" "}
        <button className="replace" data-to="/notes/desk?view=list" type="button" onClick={() => history.replaceState(null, "", "?view=list")}>
          List
        </button>
      </p>
    </main>
  );
}
