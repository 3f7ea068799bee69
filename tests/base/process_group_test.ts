import { assert, assertEquals } from "@std/assert";
import { hasLiving } from "../../lib/base/_living.ts";
import { ProcessGroup } from "../../lib/base/process_group.ts";

/** A shell in a group of its own; `line` is the first that it says. */
async function start(command: string) {
  const child = new Deno.Command("sh", {
    args: ["-c", command],
    stdin: "null",
    stdout: "piped",
    detached: true,
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: line = "" } = await reader.read();
  return {
    pid: child.pid,
    line: line.trim(),
    group: new ProcessGroup(child.pid),
    status: child.status,
    async [Symbol.asyncDispose]() {
      new ProcessGroup(child.pid).signal("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}

Deno.test("a group of processes: it is there while one of them runs, the first aside", async () => {
  await using shell = await start("sleep 60 & echo started");
  await shell.status;
  assertEquals(await shell.group.gone(300), false);
  assertEquals(await shell.group.gone(0), false);
  shell.group.signal("SIGTERM");
  assertEquals(await shell.group.gone(5_000), true);
  // Nobody is left to be told.
  shell.group.signal("SIGTERM");
});

Deno.test({
  name: "a group of processes: the ended whom nobody fetches do not count",
  ignore: Deno.build.os !== "linux",
  async fn() {
    // The shell becomes a program that knows nothing of the child with a group of its own.
    await using parent = await start("setsid sh -c 'echo $$' & exec sleep 60");
    const begunMs = performance.now();
    assertEquals(await new ProcessGroup(Number(parent.line)).gone(60_000), true);
    assert(performance.now() - begunMs < 10_000);
  },
});

Deno.test({
  name: "a group of processes: no name of a process hides it, or passes for another",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const rename = (name: string) => `printf '${name}' > /proc/$$/comm; echo named; sleep 60`;
    await using hidden = await start(rename("x) Z 1 1\\n5 (y"));
    await using forger = await start(rename(`) S 1 ${hidden.pid} `));
    assertEquals(await hasLiving(hidden.pid), true);
    assertEquals(await hasLiving(forger.pid), true);
    const { pid } = hidden;
    await hidden[Symbol.asyncDispose]();
    assertEquals(await hasLiving(pid), false);
  },
});

Deno.test("a group of processes: whoever cannot be looked at is taken to run", async () => {
  await using shell = await start("sleep 60 & echo started");
  const { Command } = Deno;
  Deno.Command = class {
    spawn() {
      throw new Error("Too many open files");
    }
  } as unknown as typeof Command;
  try {
    assertEquals(await shell.group.gone(0), false);
  } finally {
    Deno.Command = Command;
  }
});
