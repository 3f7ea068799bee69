import { assertEquals } from "@std/assert";
import { OutputLog } from "../../lib/hooks/_output_log.ts";

function setUp() {
  const lines: string[] = [];
  const log = new OutputLog((line) => lines.push(line));
  const say = (nowMs: number, count: number, text: string) => {
    log.linesAt(nowMs);
    for (let n = 0; n < count; n++) log.take(() => text);
  };
  return { lines, log, say };
}

const leftOut = (count: number) =>
  `(lines of its output left out here: ${count}; 200 a second are logged)`;

Deno.test("200 lines a second go to the log, and the rest is counted in one", () => {
  const { lines, log, say } = setUp();
  say(5_000, 200, "first");
  assertEquals(lines, Array(200).fill("first"));
  say(5_000, 50, "second");
  say(5_999, 1, "second");
  assertEquals(lines.length, 200);
  say(6_000, 1, "third");
  assertEquals(lines.slice(200), [leftOut(51), "third"]);
  say(6_999, 200, "fourth");
  log.end();
  assertEquals([lines.length, lines.at(-1)], [402, leftOut(1)]);
});

Deno.test("where nothing is left out nothing is said of it", () => {
  const { lines, log, say } = setUp();
  say(5_000, 200, "line");
  log.end();
  assertEquals(lines.length, 200);
});
