import { assertEquals, assertRejects } from "@std/assert";
import { HookError } from "../../lib/hooks/action.ts";
import { runTool } from "../../lib/hooks/_tool.ts";

Deno.test("runTool: the output of a program, and the exit statuses that are answers", async () => {
  assertEquals(await runTool("echo", ["two words"]), "two words\n");
  assertEquals(await runTool("sh", ["-c", "echo no; exit 1"], [0, 1]), "no\n");
  const said = "sh ended with exit status 3: it is so";
  await assertRejects(() => runTool("sh", ["-c", "echo it is so >&2; exit 3"]), HookError, said);
});

Deno.test({
  name: "runTool: a program that leaves another behind is not waited for once it is killed",
  // The program that is left behind still has the output when the test ends it.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const file = await Deno.makeTempFile();
    const left = `sleep 60 & echo $! >${file}; wait`;
    try {
      const said = "sh did not end within 2 s";
      await assertRejects(() => runTool("sh", ["-c", left]), HookError, said);
    } finally {
      Deno.kill(Number(await Deno.readTextFile(file)), "SIGKILL");
      await Deno.remove(file);
    }
  },
});
