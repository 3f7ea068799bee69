import { assertEquals, assertRejects } from "@std/assert";
import { HookError } from "../../lib/hooks/action.ts";
import { runInTime } from "../../lib/hooks/_in_time.ts";
import { type RunTool, runTool } from "../../lib/hooks/_tool.ts";

/** Runs `echo` to a file by a shell that begins later than it was asked for. */
async function begun(withinMs: number, lateMs: number): Promise<{ ran: boolean; said: string }> {
  const folder = await Deno.makeTempDir();
  const run: RunTool = (program, args, answers) => {
    if (program !== "sh") return runTool(program, args, answers);
    const wait = `sleep ${lateMs / 1000}; exec "$@"`;
    return runTool("sh", ["-c", wait, "sh", program, ...args], answers);
  };
  try {
    const words = ["touch", `${folder}/a file`];
    const ran = await runInTime(run, () => ({ words, withinMs }));
    const said = [...Deno.readDirSync(folder)].map(({ name }) => name).join();
    return { ran, said };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("runInTime: a program that begins in time runs", async () => {
  assertEquals(await begun(10_000, 0), { ran: true, said: "a file" });
  assertEquals(await begun(Infinity, 100), { ran: true, said: "a file" });
});

Deno.test("runInTime: a program that would begin too late does not", async () => {
  assertEquals(await begun(400, 500), { ran: false, said: "" });
  assertEquals(await begun(0, 0), { ran: false, said: "" });
});

Deno.test("runInTime: nothing runs where nothing is planned", async () => {
  assertEquals(await runInTime(runTool, () => undefined), false);
});

Deno.test("runInTime: a program that fails says why", async () => {
  const run = (...words: string[]) => runInTime(runTool, () => ({ words, withinMs: 10_000 }));
  const failed = "ls ended with exit status 2: ls: cannot access '/there/is/no/such/file'";
  await assertRejects(() => run("ls", "/there/is/no/such/file"), HookError, failed);
  const missing = "no-such-program is missing: right would be apt-get install no-such-program";
  await assertRejects(() => run("no-such-program"), HookError, missing);
});

Deno.test("runInTime: an uptime that cannot be read is an error", async () => {
  for (const said of ["", "soon\n", "1\n", "-1.00 2\n", "99999999999999999999.00 2\n"]) {
    const run: RunTool = () => Promise.resolve(said);
    const plan = () => ({ words: ["true"], withinMs: 1_000 });
    await assertRejects(() => runInTime(run, plan), HookError, "/proc/uptime");
  }
});
