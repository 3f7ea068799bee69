import { assertEquals, assertMatch } from "@std/assert";
import { runHooks, type RunHooksOptions } from "../../lib/node/hook_runner.ts";
import { commandHook, hook } from "./legion_config.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";

const cmd = (command: string, line?: number) => commandHook("lord", command, line);

function setUp(changed: Partial<RunHooksOptions>, seen: (message: string) => void = () => {}) {
  const lines: string[] = [];
  const ends: string[] = [];
  const take = (line: string) => {
    lines.push(line);
    seen(line);
  };
  const options: RunHooksOptions = {
    hooks: [],
    timeoutMs: 60_000,
    stopOnError: false,
    signal: new AbortController().signal,
    context: {
      legion: "test",
      event: "lord",
      node: "a",
      lord: "a",
      log: (level, message) => take(`${level} ${message.replace(/after [0-9.]+ s/, "after … s")}`),
      output: (line) => take(`said ${line}`),
      seen: () => {},
      guard: new AccountGuard(),
      recheck() {},
      moves() {},
      unsettled() {},
    },
    begins({ line }) {
      ends.push(`${line} begins`);
      return new AbortController().signal;
    },
    ended: ({ line }, { result }) => ends.push(`${line} ${result}`),
    ...changed,
  };
  return { lines, ends, options };
}

Deno.test("hooks run one after the other, and each end is logged", async () => {
  const { lines, ends, options } = setUp({
    hooks: [cmd("echo one", 7), hook("lord", { kind: "log", settings: { text: "two" } }, 8)],
  });
  assertEquals(await runHooks(options), true);
  assertEquals(ends, ["7 begins", "7 ok", "8 begins", "8 ok"]);
  assertEquals(lines, [
    "info lord hook cmd (test.ini:7) begins",
    "said one",
    "info lord hook cmd (test.ini:7) ended after … s: ok",
    "info lord hook log (test.ini:8) begins",
    "info two",
    "info lord hook log (test.ini:8) ended after … s: ok",
  ]);
});

Deno.test("without hooks all is well at once", async () => {
  const { lines, options } = setUp({});
  assertEquals([await runHooks(options), lines], [true, []]);
});

Deno.test("one that fails is logged; the rest run, unless they are not to", async () => {
  for (const stopOnError of [false, true]) {
    const { lines, options } = setUp({ stopOnError, hooks: [cmd("exit 3"), cmd("echo rest")] });
    assertEquals(await runHooks(options), false);
    assertEquals(
      lines[1],
      "error lord hook cmd (test.ini:7) ended after … s: failed: the command ended with exit status 3",
    );
    assertEquals(lines.includes("said rest"), !stopOnError);
  }
});

Deno.test("none begins where the clock says that they are wanted no more", async () => {
  const abort = new AbortController();
  const { ends, options } = setUp({
    signal: abort.signal,
    hooks: [cmd("true", 7), cmd("true", 8)],
  });
  let asked = 0;
  // The process was stopped while the first one ran, and no timer has told so yet.
  const recheck = () => ++asked === 2 && abort.abort();
  const context = { ...options.context, recheck };
  assertEquals(await runHooks({ ...options, context }), false);
  assertEquals(ends, ["7 begins", "7 ok"]);
});

Deno.test("one that hangs is ended, and the rest run", async () => {
  // A command has too little time here where the machine is busy.
  const rest = hook("lord", { kind: "log", settings: { text: "rest" } });
  const { lines, options } = setUp({ timeoutMs: 100, hooks: [cmd("sleep 60"), rest] });
  assertEquals(await runHooks(options), false);
  assertMatch(lines[1], /^error .* ended after … s: it took too long \(legion-hook-timeout\)$/);
  assertEquals(lines.includes("info rest"), true);
});

Deno.test("aborted: the one that runs is ended, the rest do not run", async () => {
  const abort = new AbortController();
  const hooks = [cmd("echo ready; sleep 60"), cmd("echo rest")];
  const { lines, options } = setUp({ hooks, signal: abort.signal }, (message) => {
    if (message === "said ready") abort.abort();
  });
  assertEquals(await runHooks(options), false);
  assertEquals(lines.at(-1), "warn lord hook cmd (test.ini:7) ended after … s: aborted");
});

Deno.test("aborted while the last one ends well: what they are for is not wanted", async () => {
  const abort = new AbortController();
  const hooks = [hook("lord", { kind: "log", settings: { text: "last" } })];
  const { lines, options } = setUp({ hooks, signal: abort.signal }, (message) => {
    if (message === "info last") abort.abort();
  });
  assertEquals(await runHooks(options), false);
  assertMatch(lines.at(-1)!, /: ok$/);
});

Deno.test("what a command is, and so what may be secret in it, is not logged", async () => {
  const { lines, options } = setUp({ hooks: [cmd("true PASSWORD")] });
  await runHooks(options);
  assertEquals(lines.join().includes("PASSWORD"), false);
});

Deno.test("one that is no longer wanted is ended, and neither it nor the rest counts as failed", async () => {
  const dropped = new AbortController();
  const hooks = [cmd("echo ready; sleep 60"), cmd("echo rest")];
  const changed = { hooks, stopOnError: true, begins: () => dropped.signal };
  const { lines, options } = setUp(changed, (message) => {
    if (message === "said ready") dropped.abort();
  });
  // Both have the same signal, and so the second does not run to its end either.
  assertEquals(await runHooks(options), true);
  assertMatch(lines[2], /^info .* ended after … s: no longer configured$/);
});
