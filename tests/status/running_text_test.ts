import { assertEquals } from "@std/assert";
import { runningText } from "../../lib/status/running_text.ts";

const hook = { event: "lord", line: 12, since: 1_000 };

Deno.test("a hook that runs: since when, the attempt, and the last error", () => {
  const attempts = 3;
  const moving = {
    ...hook,
    action: "hetzner-failoverip",
    attempts,
    last_error: "LOCKED: a switch",
  };
  assertEquals(
    runningText(moving, 1_012),
    "hetzner-failoverip (line 12) since 12 s, attempt 3, last error: LOCKED: a switch",
  );
});

Deno.test("a command that runs has neither attempts nor errors to tell", () => {
  const command = { ...hook, action: "cmd", attempts: 0, last_error: "" };
  assertEquals(runningText(command, 1_240), "cmd (line 12) since 4 min");
});
