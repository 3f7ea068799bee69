// The facts of a status have an owner and an age, with three real nodes and a Robot.
import { assertEquals, assertMatch } from "@std/assert";
import type { LegionStats } from "../../lib/status/report.ts";
import { run } from "../lab/run.ts";
import { isLord, running, setUp } from "../lab/three_nodes.ts";

/** Where a node says that the address points, and who saw it there. */
function sights({ addresses }: LegionStats): string[] {
  return addresses.map(({ points_to, seen_by, taken_over_by }) =>
    `${points_to} by ${seen_by}${taken_over_by && `, before ${taken_over_by}`}`
  );
}

const tells = (told: string) => (legion: LegionStats) => sights(legion).join() === told;

Deno.test("followers and a drained node tell the present place after a takeover", async () => {
  await using legion = await setUp(() => "", [20, 10, 5]);
  await running(legion);
  for (const index of [1, 2]) {
    await legion.until(index, "what the first lord saw", tells("1.1.1.1 by web1"));
  }
  assertEquals((await legion.ask(0, "drain")).code, 0);
  for (const index of [0, 1, 2]) {
    await legion.until(index, "what the second lord saw", tells("2.2.2.2 by web2"));
  }
  const { out } = await legion.ask(0, "status", "--json");
  const [told] = JSON.parse(out).legions as LegionStats[];
  assertEquals([sights(told), told.state], [["2.2.2.2 by web2"], "stands back"]);
  // A node that starts in the course of the first election sees no lord before web1.
  assertEquals(told.reigns.map(({ lord }) => lord).filter((lord) => lord !== ""), ["web1", "web2"]);
});

Deno.test("a takeover that hangs tells its attempt and why, and is counted in the end", async () => {
  await using legion = await setUp();
  const locked = { kind: "error", method: "POST", status: 409, code: "FAILOVER_LOCKED" } as const;
  legion.robot.fail(locked, locked);
  const [a] = await legion.runAll();
  const [during] = await legion.until(
    0,
    "the second attempt",
    ({ running }) => running.some(({ attempts }) => attempts === 2),
  );
  assertEquals(during.state, "taking over");
  assertMatch(
    during.why_not_lord,
    /^its lord hooks run: hetzner-failoverip \(line \d+\) since \d+ s, attempt 2, last error: FAILOVER_LOCKED: /,
  );
  await a.line(isLord);
  const [after] = await legion.until(0, "the lord", ({ state }) => state === "lord");
  assertEquals([after.running, sights(after)], [[], ["1.1.1.1 by web1"]]);
  const [{ begun, outcomes }] = after.takeovers;
  assertEquals([begun, outcomes.routed, outcomes["broken off"]], [1, 1, 0]);
});

Deno.test("after a takeover by hand the node here tells the new place at once", async () => {
  await using legion = await setUp();
  await running(legion);
  // By then the lord's sight is older than that of any look from now on, also in whole seconds.
  await legion.until(1, "a sight of 3 s ago", ({ addresses: [address] }) => {
    return address !== undefined && Date.now() / 1000 - address.seen > 3;
  });
  const looks = () => legion.robot.requests.filter(({ method }) => method === "GET").length;
  const before = looks();
  const { code, out } = await legion.ask(1, "takeover", "--ip", "4.4.4.4", "--force");
  assertEquals([code, out.includes("4.4.4.4 points to 2.2.2.2")], [0, true]);
  assertEquals(sights(await legion.stats(1)), ["2.2.2.2 by web2"]);
  assertEquals(looks() - before, 1);
  // With a login from elsewhere the node is known by its address.
  const url = legion.robot.failoverUrl("4.4.4.4");
  const args = ["takeover", "--ip", "4.4.4.4", "--to", "1.1.1.1", "--user", "FOO", "--url", url];
  const env = { RUNTIME_DIRECTORY: `${legion.folder}/web2`, ROBOT_PASSWORD: "BAR" };
  assertEquals((await run(args, { env })).code, 0);
  assertEquals(sights(await legion.stats(1)), ["1.1.1.1 by web2"]);
});

Deno.test("a follower whose look at the start failed is well again by resume, once that is mended", async () => {
  await using legion = await setUp(() => "", [20, 10, 0], (index) => `BAR,preflight=${index}`);
  const [a] = await Promise.all([legion.run(0), legion.run(2)]);
  await a.line(isLord);
  legion.robot.fail({ kind: "reset", method: "GET" });
  const b = await legion.run(1);
  await b.line(/preflight: 4\.4\.4\.4 could not be taken over now: ECONNRESET/);
  // The lord's own sight says nothing of the way from here to the provider.
  const told = ({ addresses }: LegionStats) => addresses.map(({ problem }) => problem.slice(0, 10));
  await legion.until(1, "what the lord saw", tells("1.1.1.1 by web1"));
  assertEquals(told(await legion.stats(1)), ["ECONNRESET"]);
  const { code, out } = await legion.ask(1, "resume");
  assertEquals([code, out], [0, "failover: 4.4.4.4 was asked for: all is well\n"]);
  const after = await legion.stats(1);
  assertEquals([sights(after), told(after)], [["1.1.1.1 by web2"], [""]]);
});
