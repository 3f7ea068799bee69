import { assertEquals } from "@std/assert";
import { Diary, reignsOf } from "./diary.ts";

Deno.test("a reign is from the first lord to the next unlord, and the last may be open", () => {
  assertEquals(reignsOf("unlord:1\nlord:10\nlord:20\nunlord:30\nunlord:40\nlord:50\n"), [
    { fromMs: 10, toMs: 30 },
    { fromMs: 50, toMs: Infinity },
  ]);
  assertEquals(reignsOf(""), []);
});

Deno.test("a node that was never lord has written nothing down", async () => {
  assertEquals(await new Diary("/nonexistent/diary").reigns(), []);
});
