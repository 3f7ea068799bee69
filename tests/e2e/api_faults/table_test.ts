import { assertEquals } from "@std/assert";
import { outcomeTable } from "./table.ts";

Deno.test("the table of the API's drills: who has what, after how long, with how many requests", () => {
  const right = {
    name: "DNS dead",
    lord: "server-2",
    has: "server-2: 4.4.4.4",
    lordAfter: 3.84,
    rightAfter: 3.9,
    posts: 1,
    gets: 0,
    wrong: [],
    logs: [],
  };
  const wrong = { lord: "nobody", lordAfter: null, rightAfter: null, wrong: ["late", "dear"] };
  assertEquals(
    outcomeTable([right, { ...right, ...wrong }]),
    `FAULT     LORD      WHO HAS WHAT       LORD AFTER  ALL AFTER  POSTS  GETS
DNS dead  server-2  server-2: 4.4.4.4         3.8        3.9      1     0  ok
DNS dead  nobody    server-2: 4.4.4.4       never      never      1     0  WRONG: late; dear
`,
  );
});
