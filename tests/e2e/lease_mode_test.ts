// A node with `legion-lease = off` beside nodes with `on` (LEASE.md, rule 1): told loudly at both.
import { assertEquals, assertMatch } from "@std/assert";
import { loopbackLegion } from "../lab/loopback_legion.ts";

Deno.test("legion-lease off beside on: both logs and both statuses tell", async () => {
  const modes = ["off", "on", "on"];
  await using legion = await loopbackLegion({
    valors: [30, 20, 10],
    freqSeconds: 0.1,
    toleranceSeconds: 1,
    more: (index) => [`legion-lease = one ${modes[index]}`],
  });
  const [off, on] = await legion.runAll();
  const ignored = /warn {2}one: dropped .*legion-lease off, and legion-lease is on here/;
  await on.line(ignored);
  await off.line(/error one: legion-lease is off here, and not at [bc]/);
  // The node with the highest valor is no lord: nodes that have the lease do not count it.
  await on.line(/this node is the lord/);
  const [first, second] = await legion.until(
    "both to know",
    ([first, second]) => first.members.length === 2 && second.members.length === 1,
    0,
    1,
  );
  assertEquals([first.guarantee, second.guarantee], ["none", "none"]);
  assertMatch(first.guarantee_why, /^legion-lease is off, and not at [bc]$/);
  const verdict = async (index: number) => {
    const status = legion.begin(index, "status", "--check");
    assertEquals(await status.status(), 1);
    return status.lines.join("\n");
  };
  assertMatch(await verdict(0), /legion-lease is off here, and not/);
  assertMatch(
    await verdict(1),
    /legion-lease off, which is on here|legion-lease off, is ignored: legion-lease is on here/,
  );
  assertEquals(on.lines.filter((line) => ignored.test(line)).length, 1);
});
