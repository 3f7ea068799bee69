import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type HookContext, HookError } from "../../lib/hooks/action.ts";
import { runCommand } from "../../lib/hooks/command.ts";

function setUp(log: (message: string) => void = () => {}) {
  const abort = new AbortController();
  const lines: string[] = [];
  const context: HookContext = {
    legion: "failover",
    event: "lord",
    node: "host-a",
    lord: "host-b",
    signal: abort.signal,
    log(_level, message) {
      lines.push(message);
      log(message);
    },
  };
  return { abort, lines, context };
}

Deno.test("a command is told why it runs, and its output goes to the log line by line", async () => {
  const { lines, context } = setUp();
  const command = 'echo "$FAILOVER_LEGION $FAILOVER_EVENT"; echo "$FAILOVER_NODE $FAILOVER_LORD"';
  await runCommand(command, context);
  assertEquals(lines, ["failover lord", "host-a host-b"]);
});

Deno.test("what it writes to standard error is logged too, with or without an end of line", async () => {
  const { lines, context } = setUp();
  await runCommand("printf 'no end' >&2", context);
  assertEquals(lines, ["no end"]);
});

Deno.test("another exit status than 0 is a failure", async () => {
  const { context } = setUp();
  await assertRejects(
    () => runCommand("exit 3", context),
    HookError,
    "the command ended with exit status 3",
  );
  await assertRejects(
    () => runCommand("kill -9 $$", context),
    HookError,
    "the command was ended by SIGKILL",
  );
});

Deno.test("an aborted command is told to end, with all that it has started", async () => {
  const { abort, lines, context } = setUp((message) => {
    if (message.startsWith("child")) abort.abort(new Error("no longer wanted"));
  });
  const command = "sleep 60 & echo child $!; wait";
  await assertRejects(() => runCommand(command, context), Error, "no longer wanted");
  await gone(Number(lines[0].split(" ")[1]));
});

Deno.test("one that ignores SIGTERM is killed 5 s later", async () => {
  const { abort, context } = setUp((message) => {
    if (message === "ready") abort.abort(new Error("no longer wanted"));
  });
  const begun = performance.now();
  const command = "trap '' TERM; echo ready; while :; do sleep 1; done";
  await assertRejects(() => runCommand(command, context), Error, "no longer wanted");
  assert(performance.now() - begun >= 5_000);
});

Deno.test("what an aborted command leaves behind ends with it", async () => {
  const { abort, lines, context } = setUp((message) => {
    if (message.startsWith("child")) abort.abort();
  });
  const command = "sh -c 'trap \"\" TERM; echo child $$; while :; do sleep 0.1; done' & wait";
  await assertRejects(() => runCommand(command, context));
  await gone(Number(lines[0].split(" ")[1]));
});

Deno.test("a command that leaves a daemon behind has ended all the same", async () => {
  const { lines, context } = setUp();
  await runCommand("sleep 60 & echo $!", context);
  Deno.kill(Number(lines[0]), "SIGKILL");
});

Deno.test("an aborted context runs nothing", async () => {
  const { abort, lines, context } = setUp();
  abort.abort(new Error("too late"));
  await assertRejects(() => runCommand("echo ran", context), Error, "too late");
  assertEquals(lines, []);
});

Deno.test("a line without an end cannot fill the memory", async () => {
  const { lines, context } = setUp();
  await runCommand("head -c 10000 /dev/zero | tr '\\0' x", context);
  assertEquals(lines.join(""), "x".repeat(10_000));
  assert(lines.every((line) => line.length <= 4096));
  assertStringIncludes(lines[0], "xxx");
});

/** Waits until a process is gone, or fails after 2 s. */
async function gone(pid: number): Promise<void> {
  const deadline = performance.now() + 2_000;
  for (;;) {
    // An orphan whose new parent has not looked yet is a zombie: gone as well.
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => undefined);
    if (stat === undefined || /\) Z /.test(stat)) return;
    if (performance.now() > deadline) throw new Error(`process ${pid} still runs`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
