// The roster that runners tell of one another, over a network that loses datagrams in one direction,
// and beside nodes that are configured otherwise.
import { assert, assertEquals } from "@std/assert";
import type { LegionConfig } from "../../lib/config/config.ts";
import { noted } from "../legion/noted.ts";
import { Runners } from "./runners.ts";

/** Three nodes that have found their lord, a. */
async function three(changed: Record<string, Partial<LegionConfig>> = {}): Promise<Runners> {
  const runners = new Runners();
  for (const name of ["a", "b", "c"]) await runners.start(name, changed[name]);
  await runners.pass(6_000);
  return runners;
}

const all = ["10.0.0.1:2000", "10.0.0.2:2000", "10.0.0.3:2000"];

Deno.test("three nodes of which all is well tell so, whoever is asked", async () => {
  const legion = await three();
  for (const name of ["a", "b", "c"]) {
    const { roster, voters_up } = legion.of(name).stats();
    assertEquals(roster.map(({ role }) => role).sort(), ["follower", "follower", "lord"]);
    assertEquals(roster.map(({ hears }) => hears), [all, all, all]);
    assertEquals([legion.troubles(name), voters_up], [[], 3]);
  }
  assertEquals(legion.row("b", "a").role, "lord");
  await legion.close();
});

Deno.test("a node that is not heard here, and is elsewhere, is told of on both ends", async () => {
  const legion = await three();
  legion.cuts.add("c>a");
  await legion.pass(6_000);
  assertEquals(legion.troubles("a"), ["c not heard by us"]);
  assertEquals(legion.troubles("c"), ["a does not hear us"]);
  assertEquals(legion.troubles("b"), []);
  const [trouble] = legion.row("a", "c").troubles;
  assert(/^heard by b, and not here since 1970-01-12T13:46:4\dZ/.test(trouble.why), trouble.why);
  assertEquals(legion.row("a", "c").name, "c");
  // a and b hear each other; c and a do not, as b knows by what they say.
  assertEquals(["a", "b", "c"].map((name) => legion.of(name).stats().voters_up), [2, 2, 2]);
  assertEquals(legion.row("b", "a").hears, all.slice(0, 2));
  legion.cuts.clear();
  await legion.pass(2_000);
  assertEquals(["a", "b", "c"].flatMap((name) => legion.troubles(name)), []);
  await legion.close();
});

Deno.test("a node that hears nobody is told of by all, and points at itself", async () => {
  const legion = await three();
  legion.cuts.add("a>c").add("b>c");
  await legion.pass(8_000);
  assertEquals(legion.troubles("a"), ["c does not hear us"]);
  assertEquals(legion.troubles("b"), ["c does not hear us"]);
  assertEquals(legion.troubles("c"), ["a silent", "b silent"]);
  const [{ why }] = legion.row("c", "a").troubles;
  assert(why.endsWith("(as with all others: look at this node first)"), why);
  await legion.close();
});

Deno.test("one that is killed is silent since it was heard last, and is known by name", async () => {
  const legion = await three();
  const { last_heard } = legion.row("a", "b");
  await legion.kill("b");
  await legion.pass(6_000);
  const { name, valor, role, troubles: [{ kind, since }] } = legion.row("a", "b");
  assertEquals([name, valor, role, kind], ["b", 20, "unknown", "silent"]);
  assert(since >= last_heard && since <= last_heard + 1, `${since} ${last_heard}`);
  assertEquals(legion.row("a", "b").last_heard, since);
  await legion.close();
});

Deno.test("one that stops has left, and is well again when it is back", async () => {
  const legion = await three();
  await legion.stop("b");
  assertEquals(legion.troubles("a"), ["b left"]);
  assertEquals(legion.troubles("c"), ["b left"]);
  await legion.start("b");
  await legion.pass(2_000);
  assertEquals(legion.troubles("a"), []);
  await legion.close();
});

Deno.test("one with another secret is known by its address, on both ends", async () => {
  const legion = await three({ c: { secret: "another" } });
  assertEquals(legion.troubles("a"), ["c another secret"]);
  const troubles = legion.row("c", "a").troubles;
  assertEquals(legion.troubles("c"), ["a another secret", "b another secret"]);
  assert(troubles[0].why.endsWith("look at this node first)"), troubles[0].why);
  assertEquals(legion.of("a").stats().voters_up, 2);
  await legion.close();
});

Deno.test("one without the secret of legion-auth is told of where it is asked for", async () => {
  const legion = await three({ a: { authSecret: "x" }, b: { authSecret: "x" } });
  assertEquals(legion.troubles("a"), ["c forged"]);
  assertEquals(legion.troubles("c"), ["a does not hear us", "b does not hear us"]);
  await legion.close();
});

Deno.test("one whose clock is off is told by how much, before it is cut off and after", async () => {
  const legion = new Runners();
  await legion.start("a");
  await legion.start("b", {}, { aheadSeconds: -40 });
  await legion.start("c", {}, { aheadSeconds: 90 });
  await legion.pass(6_000);
  assertEquals(legion.troubles("a"), ["b clock off", "c clock off"]);
  const [b, c] = ["b", "c"].map((name) => legion.row("a", name));
  assert(/^its clock is 4[01] s behind this node's/.test(b.troubles[0].why), b.troubles[0].why);
  assert(/^not heard: its clock is (89|90) s ahead/.test(c.troubles[0].why), c.troubles[0].why);
  assertEquals([b.role, c.role], ["follower", "unknown"]);
  await legion.close();
});

Deno.test("other quorums and tolerances are told in words, on both ends", async () => {
  const legion = await three({ b: { quorum: 3 }, c: { toleranceMs: 5_000 } });
  assertEquals(legion.troubles("a"), ["b other config", "c other tolerance"]);
  assertEquals(legion.row("a", "b").troubles[0].why, "its legion-quorum is 3, this node's 2");
  const [{ why }] = legion.row("a", "c").troubles;
  assertEquals(why, "its legion-tolerance is 5 s, this node's 4 s");
  legion.reload("b", {});
  legion.reload("c", {});
  await legion.pass(3_000);
  assertEquals(legion.troubles("a"), []);
  await legion.close();
});

Deno.test("a node that a reload lists is never heard from then on", async () => {
  const legion = await three();
  const nodes = ["10.0.0.2", "10.0.0.3", "10.0.0.4"].map((host) => ({ host, port: 2000 }));
  legion.reload("a", { nodes, quorum: 3 });
  assertEquals(legion.troubles("a"), ["b other config", "c other config"]);
  await legion.pass(3_000);
  const { roster } = legion.of("a").stats();
  const { node, troubles: [{ kind, since }] } = roster[3];
  assertEquals([node, kind, since], ["10.0.0.4:2000", "never heard", 1_000_006]);
  const [{ why }] = roster[1].troubles;
  assert(why.startsWith("its list lacks 10.0.0.4:2000, and its legion-quorum is 2"), why);
  legion.reload("a", {});
  assertEquals(legion.troubles("a"), []);
  await legion.close();
});

Deno.test("one that the process before a restart had heard is silent, and known by name", async () => {
  const legion = new Runners();
  const heard = (name: string, node: string) => ({
    node,
    name,
    config: "",
    sinceMs: 0,
    bindsMs: 4_000,
  });
  const configs = [heard("b", "10.0.0.2:2000"), heard("c", "10.0.0.3:2000")];
  const notes = noted({ name: "a", node: "10.0.0.1:2000", voters: all, quorum: 2, configs });
  await legion.start("a", {}, { past: { kind: "noted", notes } });
  await legion.start("b");
  await legion.pass(2_000);
  assertEquals(legion.troubles("a"), ["c silent"]);
  const { name, last_heard, troubles: [{ why, since }] } = legion.row("a", "c");
  assertEquals([name, last_heard, since], ["c", 0, 1_000_000]);
  assertEquals(why, "silent since before this process started");
  await legion.close();
});

Deno.test("just after a start nobody is missed yet", async () => {
  const legion = new Runners();
  await legion.start("a");
  await legion.pass(1_400);
  assertEquals(legion.troubles("a"), []);
  await legion.pass(1_000);
  assertEquals(legion.troubles("a"), ["b never heard", "c never heard"]);
  assertEquals(legion.row("a", "b").troubles[0].since, 1_000_000);
  await legion.close();
});
