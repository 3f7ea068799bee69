import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { permissions } from "../../scripts/_permissions.ts";
import { type HookContext, HookError } from "../../lib/hooks/action.ts";
import type { Surroundings } from "../../lib/base/shell.ts";
import { runCommand } from "../../lib/hooks/command.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import { hostileName, shownName } from "../lab/hostile_text.ts";
import { isRunning } from "../lab/proc.ts";

function setUp(log: (message: string) => void = () => {}) {
  const abort = new AbortController();
  const lines: string[] = [];
  const context: HookContext = {
    legion: "failover",
    event: "lord",
    node: "host-a",
    lord: "host-b",
    signal: abort.signal,
    log: () => {},
    output(line) {
      lines.push(line);
      log(line);
    },
    seen: () => {},
    guard: new AccountGuard(),
    recheck() {},
    moves() {},
    unsettled() {},
  };
  return { abort, lines, context };
}

Deno.test("a command is told why it runs, and its output goes to the log line by line", async () => {
  const { lines, context } = setUp();
  const command = 'echo "$FAILOVER_LEGION $FAILOVER_EVENT"; echo "$FAILOVER_NODE $FAILOVER_LORD"';
  await runCommand(command, context);
  assertEquals(lines, ["failover lord", "host-a host-b"]);
});

Deno.test("a command is told whether this node was lord before its restart", async () => {
  const { lines, context } = setUp();
  await runCommand('echo "$FAILOVER_RESUMED"', context);
  await runCommand('echo "$FAILOVER_RESUMED"', { ...context, resumed: "lord" });
  assertEquals(lines, ["0", "1"]);
});

Deno.test("a name from others cannot keep a command from running, or break its environment", async () => {
  const { lines, context } = setUp();
  const of = { ...context, node: hostileName, lord: hostileName };
  await runCommand('echo "$FAILOVER_NODE"; echo "$FAILOVER_LORD"', of);
  assertEquals(lines, [shownName, shownName]);
});

Deno.test("a command runs in the surroundings that the configuration names", async () => {
  const { lines, context } = setUp();
  const env = [
    { name: "GREETING", value: "two\nlines" },
    { name: "GONE", value: "x" },
    { name: "GONE" },
    { name: "HOME" },
    { name: "FAILOVER_EVENT", value: "no event" },
  ];
  const surroundings = { env, chdir: "/usr", umask: "027" };
  const command = 'echo "$GREETING ${GONE-gone} ${HOME-no home} $FAILOVER_EVENT"; pwd; umask; ' +
    'test -n "$PATH" && echo all else';
  await runCommand(command, { ...context, surroundings });
  assertEquals(lines, ["two", "lines gone no home lord", "/usr", "0027", "all else"]);
});

Deno.test({
  name: "a command of root's runs as the user and group that the configuration names",
  ignore: Deno.uid() !== 0,
  async fn() {
    const command = "id -u; id -g; id -G";
    const of = async (surroundings: Surroundings) => {
      const { lines, context } = setUp();
      await runCommand(command, { ...context, surroundings });
      return lines.join(" ");
    };
    assertEquals(await of({ uid: "1", gid: "2" }), "1 2 2");
    assertEquals(await of({ uid: "1" }), "1 0 0");
    assertEquals(await of({ gid: "2" }), "0 2 2");
    // The PATH is the command's own.
    assertEquals(await of({ gid: "2", env: [{ name: "PATH", value: "/none:/bin" }] }), "0 2 2");
  },
});

Deno.test("a directory that is gone since the start fails the hook, and says so", async () => {
  const { context } = setUp();
  await assertRejects(
    () => runCommand("true", { ...context, surroundings: { chdir: "/nonexistent" } }),
    HookError,
    "/nonexistent",
  );
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

Deno.test("what a command has started has 5 s to end as well, though the shell is gone", async () => {
  const { abort, lines, context } = setUp((message) => {
    if (message === "ready") abort.abort();
  });
  const child =
    "trap 'sleep 1; echo cleaned up; exit' TERM; echo ready; while :; do sleep 0.1; done";
  await assertRejects(() => runCommand(`(${child}) & wait`, context));
  assertEquals(lines.at(-1), "cleaned up");
});

Deno.test({
  name: "a command that leaves a daemon behind has ended; what the daemon says is logged",
  // The daemon outlives the test's function, and its output with it.
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    const said = Promise.withResolvers<void>();
    const { lines, context } = setUp((message) => {
      if (message === "still here") said.resolve();
    });
    await runCommand("(sleep 1; echo still here) & echo started", context);
    assertEquals(lines, ["started"]);
    await said.promise;
  },
});

const asNobody = ["setpriv", "--reuid", "65534", "--clear-groups", Deno.execPath()];

async function canBeNobody(): Promise<boolean> {
  if (Deno.uid() !== 0) return false;
  const [command, ...args] = [...asNobody, "--version"];
  const { success } = await new Deno.Command(command, { args, stdout: "null" }).output();
  return success;
}

Deno.test({
  name: "a command that may not be ended is left, and the node does not wait for it",
  ignore: !await canBeNobody(),
  async fn() {
    // As an unprivileged user, with a command that runs as root: what sudo would give.
    const module = new URL("../../lib/hooks/command.ts", import.meta.url).href;
    const folder = await Deno.makeTempDir();
    await Deno.chmod(folder, 0o755);
    await Deno.copyFile("/usr/bin/setpriv", `${folder}/sudo`);
    await Deno.chmod(`${folder}/sudo`, 0o4755);
    const script = `import { runCommand } from ${JSON.stringify(module)};
      const abort = new AbortController();
      const output = () => abort.abort(new Error("no longer wanted"));
      const log = (level, message) => console.log(level, message);
      const about = { legion: "", event: "", node: "", lord: "" };
      const context = { ...about, signal: abort.signal, log, output, seen() {}, moves() {}, recheck() {}, guard: undefined };
      await runCommand("exec ${folder}/sudo --reuid 0 sh -c 'echo runs; exec sleep 3'", context).catch((e) => console.log(e.message));
      Deno.exit();`;
    await Deno.writeTextFile(`${folder}/run.ts`, script);
    const [command, ...args] = [...asNobody, "run", "--quiet", ...permissions, `${folder}/run.ts`];
    const output = await new Deno.Command(command, { args }).output();
    await Deno.remove(folder, { recursive: true });
    const text = new TextDecoder().decode(output.stdout);
    assertStringIncludes(text, "error a command cannot be ended: ");
    assertStringIncludes(text, "no longer wanted");
  },
});

Deno.test("an aborted context runs nothing", async () => {
  const { abort, lines, context } = setUp();
  abort.abort(new Error("too late"));
  await assertRejects(() => runCommand("echo ran", context), Error, "too late");
  assertEquals(lines, []);
});

Deno.test("a line without an end cannot fill the memory", async () => {
  const { lines, context } = setUp();
  await runCommand("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo next", context);
  assertEquals(lines, [`${"x".repeat(4096)}…`, "next"]);
});

/** Waits until a process is gone, or fails after 2 s. */
async function gone(pid: number): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (await isRunning(pid)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} still runs`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
