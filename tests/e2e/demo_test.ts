import { assertEquals, assertStringIncludes } from "@std/assert";
import { failover } from "../lab/failover.ts";
import { isRunning } from "../lab/proc.ts";
import type { TestProcess } from "../lab/process.ts";

/** The ids of the nodes that a demo has told it started. */
function started(demo: TestProcess): number[] {
  return demo.lines.flatMap((line) => /started, process (\d+)/.exec(line)?.[1] ?? []).map(Number);
}

async function assertAllGone(demo: TestProcess, count: number): Promise<void> {
  const pids = started(demo);
  assertEquals(pids.length, count);
  for (const pid of pids) assertEquals(await isRunning(pid), false, `${pid} still runs`);
}

for (const [args, address] of [[[], "4.4.4.4"], [["--hcloud"], "131.232.99.1"]] as const) {
  const name = ["demo", ...args].join(" ");
  Deno.test(`${name}: the address is where it belongs at each step, and nothing is left`, async () => {
    await using demo = failover("demo", ["demo", ...args]);
    assertEquals(await demo.status(), 0, demo.lines.join("\n"));
    const told = demo.lines.join("\n");
    for (
      const line of [
        `ok server-1 has ${address}`,
        "kill -9: server-1 is gone without a word",
        `ok server-2 has ${address}`,
        "server-1 is started again",
        `ok server-1 has ${address} again`,
      ]
    ) assertStringIncludes(told, line);
    // Not on a terminal: no colours.
    assertEquals(told.includes("\u001b"), false);
    await assertAllGone(demo, 4);
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends the demo, and every node with it`, async () => {
    await using demo = failover("demo", ["demo"]);
    await demo.line(/server-3 +started/);
    assertEquals(await demo.end(signal), 1);
    await assertAllGone(demo, 3);
  });
}
