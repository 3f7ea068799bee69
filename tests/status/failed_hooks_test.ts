import { assertEquals } from "@std/assert";
import { failedHooks } from "../../lib/status/failed_hooks.ts";
import type { LegionStats } from "../../lib/status/report.ts";
import { legionStats } from "./stats.ts";

/** The events of the hooks whose failure matters to node `a`. */
function matter(changed: Partial<LegionStats>, ...events: string[]): string[] {
  const failed = { action: "cmd", line: 7, result: "failed: exit status 1", seconds: 1, time: 7 };
  const hooks = events.map((event) => ({ ...failed, event }));
  return failedHooks(legionStats({ hooks, ...changed })).map(({ event }) => event);
}

const follows = { state: "follower", lords: ["b"] } as const;

Deno.test("a lord hook's failure matters while no other node is lord, and this one stands back for it", () => {
  const why = { kind: "hook failed", why: "a lord hook failed", until: 0 } as const;
  assertEquals(matter({ state: "candidate", lords: [] }, "lord"), ["lord"]);
  assertEquals(matter({ ...follows, state: "stands back", stands_back: [why] }, "lord"), ["lord"]);
  assertEquals(matter(follows, "lord"), []);
  // With legion-death-on-lord-error = 0 a node is lord all the same.
  assertEquals(matter({ state: "lord", lords: ["a"] }, "lord"), ["lord"]);
  assertEquals(matter({ state: "lord", lords: ["a", "b"] }, "lord"), ["lord"]);
});

Deno.test("an unlord hook's failure matters until this node is lord again", () => {
  assertEquals(matter(follows, "unlord"), ["unlord"]);
  assertEquals(matter({ state: "lord" }, "unlord"), []);
});

Deno.test("a hook's failure is over once its address is in its place all the same", () => {
  const hook = { event: "lord", action: "cmd", line: 7, result: "failed", seconds: 1, time: 7 };
  const lord = (mended?: true) => legionStats({ hooks: [{ ...hook, mended }] });
  assertEquals([failedHooks(lord()).length, failedHooks(lord(true)).length], [1, 0]);
});

Deno.test("any other hook's failure matters until the hook succeeds; a broken off one's never", () => {
  assertEquals(matter(follows, "setup", "node-joined", "gained"), [
    "setup",
    "node-joined",
    "gained",
  ]);
  const hook = { event: "lord", action: "cmd", line: 7, seconds: 1, time: 7 };
  const hooks = ["ok", "aborted"].map((result) => ({ ...hook, result }));
  assertEquals(failedHooks(legionStats({ hooks })), []);
});
