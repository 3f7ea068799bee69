import { dirname } from "@std/path/dirname";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FailedStarts, failedStartsOf, lastFailedStart } from "../../lib/node/failed_starts.ts";
import { HandClock } from "../lab/hand_clock.ts";
import { read } from "../config/read.ts";

/** A file for pauses in a folder of its own, and the processes of a node, one after the other. */
async function setUp(settings: { isSupervised?: boolean; file?: string } = {}) {
  const folder = await Deno.makeTempDir();
  const file = settings.file ?? `${folder}/new/one.failed`;
  const clock = new HandClock();
  const told: string[] = [];
  const next = () =>
    new FailedStarts({
      file,
      isSupervised: settings.isSupervised ?? true,
      clock,
      signals: ["SIGWINCH"],
      tell: (message) => told.push(message),
    });
  return {
    file,
    clock,
    told,
    next,
    /** The duration of the pause of the next process that cannot start, in milliseconds. */
    async pauseMs(process = next()): Promise<number> {
      const begunMs = clock.now().monotonicMs;
      let over = false;
      const pause = process.pause("no way").then(() => over = true);
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (over) break;
        clock.pass(50);
      }
      await pause;
      return clock.now().monotonicMs - begunMs;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("each process waits twice as long as the one before it, up to 5 s", async () => {
  await using node = await setUp();
  const pauses: number[] = [];
  for (let n = 0; n < 7; n++) pauses.push(await node.pauseMs());
  assertEquals(pauses, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  assertStringIncludes(node.told[1], "ends in 0.5 s");
  assertEquals(node.clock.alarms, 0);
});

Deno.test("a node that has run for a minute has not failed to start, and the next pause is short", async () => {
  await using node = await setUp();
  await node.pauseMs();
  await node.pauseMs();
  const well = node.next();
  well.started();
  node.clock.pass(60_000);
  assertEquals(await node.pauseMs(well), 0);
  await node.pauseMs();
  assertEquals(await Deno.readTextFile(node.file), "250\nno way\n");
});

Deno.test("a node that ends by a mistake soon after its start waits, too", async () => {
  await using node = await setUp();
  await node.pauseMs();
  const brief = node.next();
  brief.started();
  node.clock.pass(59_000);
  await node.pauseMs(brief);
  assertEquals(await Deno.readTextFile(node.file), "500\nno way\n");
  assertEquals(node.clock.alarms, 0);
});

Deno.test("a person at a terminal does not wait", async () => {
  await using node = await setUp({ isSupervised: false });
  assertEquals([await node.pauseMs(), node.told], [0, []]);
});

Deno.test("a signal ends the pause at once, and the next one is short", async () => {
  await using node = await setUp();
  await node.pauseMs();
  const pause = node.next().pause("no way");
  // No listener of a signal keeps a process from ending.
  const patience = setTimeout(() => {}, 20_000);
  Deno.kill(Deno.pid, "SIGWINCH");
  await pause;
  clearTimeout(patience);
  assertEquals(node.clock.alarms, 0);
  await node.pauseMs();
  assertEquals(await Deno.readTextFile(node.file), "250\nno way\n");
});

for (const text of ["", "250", "-1\n", "1e9\n", "99999999\n", "rubbish\n", "\0".repeat(1_000)]) {
  Deno.test(`a file that is broken is as none: ${JSON.stringify(text).slice(0, 20)}`, async () => {
    await using node = await setUp();
    await node.pauseMs();
    await Deno.writeTextFile(node.file, text);
    await node.pauseMs();
    assertEquals(await Deno.readTextFile(node.file), "250\nno way\n");
  });
}

Deno.test("a pipe in place of the file holds up nobody, and a link is not written through", async () => {
  await using node = await setUp();
  await node.pauseMs();
  await Deno.remove(node.file);
  await new Deno.Command("mkfifo", { args: [node.file] }).output();
  await node.pauseMs();
  assertEquals(await Deno.readTextFile(node.file), "250\nno way\n");
  const other = `${node.file}.other`;
  await Deno.writeTextFile(other, "mine");
  await Deno.remove(node.file);
  await Deno.symlink(other, node.file);
  await node.pauseMs();
  assertEquals(await Deno.readTextFile(other), "mine");
});

Deno.test("where nothing can be kept the pause is a second", async () => {
  await using node = await setUp({ file: "/dev/null/one.failed" });
  for (let n = 0; n < 3; n++) assertEquals(await node.pauseMs(), 1_000);
});

Deno.test("nodes of one legion on one machine have a file each", () => {
  const at = { env: () => "/run/failover", uid: 0 };
  const files = [1, 2].map((port) =>
    failedStartsOf(read(`[uwsgi]\nlegion = a/b 127.0.0.1:${port} 10 bf-cbc:x\n`), at)
  );
  assertEquals(files[0], "/run/failover/a%2Fb%20127.0.0.1%3A1.failed");
  assertEquals(new Set(files).size, 2);
  assertEquals(
    failedStartsOf(read("[uwsgi]\nlegion = a :1 10 bf-cbc:x\n"), {
      env: () => undefined,
      uid: 1000,
    }),
    undefined,
  );
});

Deno.test("the reason of the last start that failed is kept for those who ask for a node", async () => {
  await using node = await setUp({ isSupervised: false });
  const folder = dirname(node.file);
  assertEquals(lastFailedStart([folder, "/nowhere"]), undefined);
  await node.next().pause("the address\nis in use");
  const failed = lastFailedStart(["/nowhere", folder]);
  assertEquals(failed?.why, "the address is in use");
  assert(Math.abs(failed!.wallMs - Date.now()) < 60_000);
  // The next start has not failed.
  node.next().started();
  assertEquals(lastFailedStart([folder]), undefined);
  // A file that holds something else tells nothing.
  for (const text of ["", "250\n", "soon\nwhy\n", "x".repeat(2_000)]) {
    await Deno.writeTextFile(node.file, text);
    assertEquals(lastFailedStart([folder]), undefined);
  }
});
