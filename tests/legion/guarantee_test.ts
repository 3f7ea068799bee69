// LEASE.md, rule 10: what a node says of the election is so.
import { assertEquals } from "@std/assert";
import type { Announcement } from "../../lib/legion/announcement.ts";
import { ConfigsHeard } from "../../lib/legion/configs_heard.ts";
import {
  type Guarantee,
  type GuaranteeFacts,
  guaranteeOf,
  guaranteeText,
  isMajority,
} from "../../lib/legion/guarantee.ts";
import { Membership } from "../../lib/legion/membership.ts";
import { votersAmong } from "../../lib/legion/voters.ts";
import { announcement, voterSays } from "./announcement.ts";
import { legionOptions } from "./legion_options.ts";
import { addressOf } from "./world.ts";

/** T(1+ε), of the tolerance of the tests' nodes. */
const settledMs = 3_150;
const a = voterSays("a");
const b = voterSays("b");
const x = voterSays("x");

/** A node of a, b and self that hears others, and what it says of the election. */
function nodeOf(changed: Partial<GuaranteeFacts["options"]> = {}, sinceMs = -Infinity) {
  const options = legionOptions(changed);
  const members = new Membership();
  const configs = new ConfigsHeard();
  const say = (nowMs: number): Guarantee => {
    const voters = votersAmong(members, options);
    configs.note(voters, options.voters, nowMs);
    return guaranteeOf({ options, members, voters, configs, sinceMs, nowMs });
  };
  const hear = (nowMs: number, ...said: Announcement[]) => {
    for (const each of said) {
      members.hear(each, addressOf(each.name), { monotonicMs: nowMs, wallMs: nowMs });
    }
    return say(nowMs);
  };
  return { members, hear, say };
}

/** The reason that a node gives when it hears all of these for long enough. */
function why(said: readonly Announcement[], changed: Partial<GuaranteeFacts["options"]> = {}) {
  const { hear, say } = nodeOf(changed);
  hear(0, ...said);
  const { kind, why } = say(settledMs);
  return `${kind} ${why}`.trim();
}

const reasons: [
  what: string,
  said: string,
  heard: Announcement[],
  changed?: Partial<GuaranteeFacts["options"]>,
][] = [
  ["all is well", "lease", [a, b]],
  ["all is well, and the lease is on", "lease", [a, b], { lease: "on" }],
  ["the lease is off", "none legion-lease is off", [a, b], { lease: "off" }],
  ["no nodes are listed", "none no nodes are listed: see legion-node", [a, b], { voters: [] }],
  [
    "no nodes are listed, and the lease is on",
    "none no nodes are listed: see legion-node",
    [],
    { voters: [], lease: "on" },
  ],
  [
    "the quorum is no majority of the list",
    "none legion-quorum is 1, no majority of 3 nodes",
    [a, b],
    { quorum: 1 },
  ],
  [
    "the quorum is half of the list",
    "none legion-quorum is 2, no majority of 4 nodes",
    [a, b],
    { voters: ["a", "b", "c", "self"].map(addressOf) },
  ],
  [
    "the own entry is not known",
    "none this node's own address is not known: see legion-address",
    [a, b],
    { node: undefined },
  ],
  [
    "one member is of uWSGI",
    "none u is a uWSGI node, or has legion-lease off",
    [a, b, announcement({ name: "u", uuid: "u".repeat(36) })],
  ],
  [
    "two say that they are one node",
    "none more than one process says that it is a:2000: a, twin",
    [a, b, voterSays("twin", { node: "a:2000" })],
  ],
  [
    "another says that it is this node",
    "none more than one process says that it is self:2000: self, twin",
    [a, b, voterSays("twin", { node: "self:2000" })],
  ],
  ["a node has not been heard", "none b:2000 has not been heard", [a]],
  [
    "a node has another list or quorum",
    "none b has another list of nodes or another quorum",
    [a, voterSays("b", { config: "0badf00d" })],
  ],
  [
    "a node of another list is heard",
    "none x has another list of nodes or another quorum",
    [a, b, { ...x, config: "0badf00d" }],
  ],
  [
    "a node says no list at all",
    "none x names no list of nodes: it has none, or may be two processes",
    [a, b, { ...x, config: "" }],
  ],
];
for (const [what, said, heard, changed] of reasons) {
  Deno.test(`rule 10: ${said.split(" ")[0]}, since ${what}`, () => {
    assertEquals(why(heard, changed), said);
  });
}

Deno.test("rule 10: a node that is alone on its list has heard all of it", () => {
  assertEquals(why([], { voters: [addressOf("self")], quorum: 0 }), "lease");
});

Deno.test("rule 10: all have to have announced the same list and quorum for T and a twentieth", () => {
  const { hear, say } = nodeOf();
  assertEquals(say(0), {
    kind: "none",
    why: "a:2000 has not been heard",
    isPending: true,
    untilMs: Infinity,
  });
  hear(1_000, a);
  assertEquals(hear(2_000, b), {
    kind: "none",
    why: "not all nodes have had this list of nodes and quorum for a tolerance yet",
    isPending: true,
    untilMs: 2_000 + settledMs,
  });
  assertEquals(say(5_149).kind, "none");
  assertEquals(say(5_150), { kind: "lease", why: "", isPending: false, untilMs: Infinity });
});

Deno.test("rule 10: a node that had another list meanwhile begins anew", () => {
  const { hear, say } = nodeOf();
  hear(0, a, b);
  assertEquals(say(5_000).kind, "lease");
  const other = hear(6_000, { ...b, config: "0badf00d" });
  assertEquals([other.kind, other.isPending], ["none", false]);
  assertEquals(hear(7_000, b).untilMs, 7_000 + settledMs);
});

Deno.test("rule 10: the time is the longest that any node's promise was heard to bind", () => {
  const { hear, say } = nodeOf();
  const support = { uuid: "a".repeat(36), seq: 1 };
  assertEquals(hear(0, a, { ...b, support, binds: 15_000 }).untilMs, 15_750);
  // The longer promise may hold yet.
  assertEquals(hear(1_000, { ...b, support, binds: 3_000 }).untilMs, 15_750);
  assertEquals([say(15_749).kind, say(15_750).kind], ["none", "lease"]);
});

Deno.test("rule 10: a node's own list counts from its reload", () => {
  const { hear, say } = nodeOf({}, 10_000);
  assertEquals(hear(0, a, b).untilMs, 10_000 + settledMs);
  assertEquals([say(13_149).kind, say(13_150).kind], ["none", "lease"]);
});

Deno.test("rule 10: the list of a node is remembered while the node is silent", () => {
  const { members, hear, say } = nodeOf();
  hear(0, a, b);
  members.remove(b);
  assertEquals(say(settledMs).kind, "lease");
  hear(10_000, { ...b, config: "0badf00d" });
  members.remove(b);
  assertEquals(say(1e9).why, "b has another list of nodes or another quorum");
  // A stranger that was not listed is none any more.
  hear(1e9, b);
  hear(2e9, { ...x, config: "0badf00d" });
  members.remove(x);
  assertEquals(say(2e9).kind, "lease");
});

Deno.test("rule 10: a node that is no longer listed is forgotten, and so is what it had", () => {
  const configs = new ConfigsHeard();
  const members = new Membership();
  const options = legionOptions();
  members.hear({ ...b, binds: 60_000 }, "", { monotonicMs: 0, wallMs: 0 });
  configs.note(votersAmong(members, options), options.voters, 0);
  assertEquals([configs.of("b:2000")?.name, configs.longestMs], ["b", 60_000]);
  const fewer = ["a", "self"].map(addressOf);
  configs.note(votersAmong(members, { ...options, voters: fewer }), fewer, 1_000);
  assertEquals([configs.of("b:2000"), configs.longestMs], [undefined, 0]);
});

Deno.test("rule 10: while two speak for one node, neither tells which list it has", () => {
  const { hear } = nodeOf();
  const twin = voterSays("twin", { node: "b:2000", config: "0badf00d" });
  assertEquals(hear(0, b, twin).why, "more than one process says that it is b:2000: b, twin");
});

Deno.test("rule 10: who is missing is for the status; the log is told once", () => {
  const { hear, say } = nodeOf();
  const lines = [say(0), hear(1_000, a), hear(2_000, b)].map(guaranteeText);
  assertEquals([...new Set(lines)], [
    "guarantee: none (until all listed nodes have been heard, and have had the same list and " +
    "quorum for a tolerance)",
  ]);
  assertEquals(guaranteeText(say(9_000)), "guarantee: lease");
  const why = "legion-lease is off";
  assertEquals(
    guaranteeText({ kind: "none", why, isPending: false, untilMs: Infinity }),
    "guarantee: none (legion-lease is off)",
  );
});

Deno.test("a majority is more than half; a lone node is one", () => {
  const majorities = [[0, 1], [1, 1], [2, 2], [2, 3], [3, 4], [3, 5]];
  const minorities = [[0, 2], [1, 2], [1, 3], [2, 4], [2, 5]];
  for (const [quorum, voters] of majorities) assertEquals(isMajority(quorum, voters), true);
  for (const [quorum, voters] of minorities) assertEquals(isMajority(quorum, voters), false);
});
