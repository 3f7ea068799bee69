// A command that is told to end leaves nothing behind.
import { assertEquals, assertRejects } from "@std/assert";
import process from "node:process";
import type { HookContext } from "../../lib/hooks/action.ts";
import { runCommand } from "../../lib/hooks/command.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

Deno.test("a command that ignores SIGTERM is gone when its end is told", async () => {
  const abort = new AbortController();
  let pid = 0;
  const context: HookContext = {
    legion: "failover",
    event: "lord",
    node: "a",
    lord: "a",
    signal: abort.signal,
    log: () => {},
    output(line) {
      pid = Number(line);
      abort.abort(new Error("no longer wanted"));
    },
    seen: () => {},
    guard: new AccountGuard(),
    recheck() {},
    moves() {},
    unsettled() {},
  };
  // Without the kill it would end by itself a while later.
  const command = "trap '' TERM; echo $$; for n in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1; done";
  await assertRejects(() => runCommand(command, context), Error, "no longer wanted");
  assertEquals([pid > 0, isThere(pid)], [true, false]);
});
