// A node that is stopped for a while: the announcements of that time are in its socket.
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { type LoopbackLegion, loopbackLegion } from "../lab/loopback_legion.ts";

const stops = 5;
const toleranceSeconds = 1.5;
const freqSeconds = toleranceSeconds / 3;
/** Less than the tolerance; with the time since the last announcement, more. */
const stoppedMs = 0.85 * toleranceSeconds * 1000;
const silentSeconds = 0.6 * freqSeconds;

Deno.test("a follower that wakes late has lost nobody: its peers ran on", async () => {
  await using legion = await loopbackLegion({
    valors: [20, 10, 0],
    freqSeconds,
    toleranceSeconds,
    more: () => ["legion-node-left = one cmd:echo hook: gone"],
  });
  const [a, b] = await legion.runAll();
  await a.line(/this node is the lord/);
  await legion.until("all to follow", (all) => all.every(({ elected }) => elected === "a"), 1, 2);
  const from = b.lines.length;
  for (let stop = 0; stop < stops; stop++) {
    await silence(legion);
    b.signal("SIGSTOP");
    await delay(stoppedMs);
    b.signal("SIGCONT");
    // The answer comes after all that the node does when it wakes.
    await legion.stats(1);
  }
  const { members, elected } = await legion.stats(1);
  assertEquals([members.length, elected], [2, "a"]);
  const told = b.lines.slice(from).find((line) =>
    /this process did not run for [12]\.\d s/.test(line)
  );
  assert(told?.endsWith("(failover help process-stopped)"), told);
  const amiss = /no quorum|was silent|hook: gone/;
  assertEquals(b.lines.slice(from).filter((line) => amiss.test(line)), []);
  // A hook that has begun is waited for at the end.
  assertEquals(await b.end("SIGTERM"), 0);
  assertEquals(b.lines.slice(from).filter((line) => amiss.test(line)), []);
});

/** Waits until the second has not heard either of the others for a while. */
async function silence({ stats }: LoopbackLegion): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const { members } = await stats(1);
    if (members.every((member) => member.heard_seconds_ago > silentSeconds)) return;
    if (performance.now() > deadline) throw new Error("waited 20 s for the others to be silent");
    await delay(5);
  }
}
