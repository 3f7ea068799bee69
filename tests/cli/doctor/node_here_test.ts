import { assert, assertEquals } from "@std/assert";
import { helpTopics } from "../../../lib/base/help_topic.ts";
import type { StandBackKind } from "../../../lib/base/stand_back_kind.ts";
import { nodeAnswers, type NodeFacts, type NodeHere } from "../../../lib/cli/doctor/node_here.ts";
import { peerAnswers } from "../../../lib/cli/doctor/peers.ts";
import { commands } from "../../../lib/cli/commands.ts";
import { findOption } from "../../../lib/config/options.ts";
import { topics } from "../../../lib/manual/topics.ts";
import type { NodeTrouble } from "../../../lib/status/node_stats.ts";
import type { LegionStats } from "../../../lib/status/report.ts";
import { read } from "../../config/read.ts";
import { walk } from "../../lab/walk.ts";
import { legionStats, nodeStats, statsOf } from "../../status/stats.ts";

/** The answers of a node, those that are right aside. */
function answers(node: NodeHere, facts: Partial<NodeFacts> = {}): string[] {
  return nodeAnswers(node, { spec: "/etc/failover.ini", version: "1.2.3", now: 1_000, ...facts })
    .filter(({ sign }) => sign !== "ok")
    .map(({ sign, what, why, remedy }) => `${sign} ${what}: ${why}${remedy && ` > ${remedy}`}`);
}

function running(changed: Partial<LegionStats> = {}): NodeHere {
  return { stats: statsOf(legionStats(changed)) };
}

const why = "no node answers";
const unit = { LoadState: "loaded", ActiveState: "inactive", MainPID: "0" };

Deno.test("a node that does not answer: how to start it, or to find out why", () => {
  const silent = { why, is: "silent" } as const;
  assertEquals(answers(silent), [`wrong node: ${why} > failover node --config /etc/failover.ini`]);
  assertEquals(answers(silent, { unit }), [`wrong node: ${why} > systemctl start failover`]);
  const active = { ...unit, ActiveState: "active", MainPID: "7" };
  assertEquals(answers(silent, { unit: active }), [
    `wrong node: its unit is active (process 7), but ${why} > journalctl -u failover -n 50`,
  ]);
  assertEquals(answers({ why: "you may not ask", is: "closed" }), [
    "note node: not known: you may not ask > sudo failover doctor",
  ]);
  assertEquals(answers({ why: "2 nodes run here", is: "several" }), [
    "note node: not known: 2 nodes run here > failover doctor --config FILE",
  ]);
  const hanging = { why: "no answer within 2 s", is: "hanging" } as const;
  assertEquals(answers(hanging, { unit }), [
    "wrong node: it runs, and hangs or is stopped: no answer within 2 s > systemctl restart failover",
  ]);
});

Deno.test("a node that answers: nothing to say where all is well", () => {
  assertEquals(answers(running()), []);
});

Deno.test("a process of another version than the program installed", () => {
  assertEquals(answers(running(), { version: "1.3.0" }), [
    "note node: process 7, version 1.2.3, up 61 s; the program installed is 1.3.0 > failover restart",
  ]);
  assertEquals(answers(running(), { installed: 900 }), []);
  assertEquals(answers(running(), { installed: 950 }), [
    "note node: process 7, version 1.2.3, up 61 s; the program was installed anew since its start > " +
    "failover restart",
  ]);
});

Deno.test("a file that says something else than what runs", () => {
  const text = (quorum: number, freq: number, ...more: string[]) =>
    read([
      "[uwsgi]",
      "legion = failover 1.1.1.1:2000 20 bf-cbc:x",
      "legion-node = failover 3.3.3.3:2000",
      "legion-node = failover 2.2.2.2:2000",
      `legion-quorum = failover ${quorum}`,
      `legion-freq = ${freq}`,
      ...more,
      "",
    ].join("\n"));
  assertEquals(answers(running(), { config: text(2, 3) }), []);
  const reload = "systemctl reload failover";
  assertEquals(answers(running(), { config: text(3, 1, "legion-node = failover 4.4.4.4:1") }), [
    `wrong node: it runs with legion-quorum 2, and the file says 3 > ${reload}`,
    `wrong node: it runs with legion-freq 3, and the file says 1 > ${reload}`,
    "wrong node: it runs with legion-node 2.2.2.2:2000, 3.3.3.3:2000, and the file says " +
    `2.2.2.2:2000, 3.3.3.3:2000, 4.4.4.4:1 > ${reload}`,
  ]);
  const other = read("[uwsgi]\nlegion = two 1.1.1.1:2000 20 bf-cbc:x\n");
  assertEquals(answers(running(), { config: other }), [
    "wrong node: it does not run the legion two of the file > failover restart",
  ]);
});

function standingBack(...stands_back: StandBackKind[]) {
  const [own, , last] = legionStats().roster;
  return { roster: [own, nodeStats({ stands_back }), last] };
}

function troubled(...troubles: NodeTrouble[]) {
  const [own, , last] = legionStats().roster;
  return { roster: [own, nodeStats({ troubles }), last] };
}

const trouble = (kind: NodeTrouble["kind"]) => ({ kind, why: `is ${kind}`, since: 0 });

const found: [what: string, changed: Partial<LegionStats>, answers: string[]][] = [
  ["another secret", troubled(trouble("another secret")), [
    "wrong status: b (2.2.2.2:2000): is another secret > ssh 2.2.2.2 sha256sum /etc/failover.secret",
  ]],
  ["a clock that is off", troubled(trouble("clock off")), [
    "wrong status: b (2.2.2.2:2000): is clock off > ssh 2.2.2.2 timedatectl",
  ]],
  ["the quorum rests on all", { ...troubled(trouble("left")), voters_up: 2 }, [
    "wrong status: b (2.2.2.2:2000): is left > ssh 2.2.2.2 systemctl status failover",
    "note status: the quorum is just met",
  ]],
  ["no memory", { memory_trouble: "no notes" }, [
    "wrong status: no notes > ls -ld /run/failover /var/lib/failover",
  ]],
  ["drained", {
    state: "follower",
    lords: ["b"],
    stands_back: [{ kind: "drained", why: "eve wants it so", until: 0 }],
  }, ["note status: stands back: "]],
  ["another is drained", standingBack("drained"), [
    "note status: b (2.2.2.2:2000): stands back (drained) > ssh 2.2.2.2 failover resume",
  ]],
  ["another may not log in", standingBack("refused", "drained"), [
    "wrong status: b (2.2.2.2:2000): stands back (its login is refused, drained) > ssh 2.2.2.2 failover status",
  ]],
  ["no guarantee", { guarantee: "none", guarantee_why: "b lists others" }, [
    "note guarantee, failover: none (b lists others): two may be lord at once",
  ]],
];

for (const [what, changed, expected] of found) {
  Deno.test(`the status of a node, with the commands: ${what}`, () => {
    const told = answers(running(changed));
    assertEquals(
      told.map((line, index) => line.slice(0, expected[index]?.length)),
      expected,
      `${told}`,
    );
  });
}

Deno.test("the other nodes: those with which all is well, and other versions", () => {
  const [own, , last] = legionStats().roster;
  const roster = [own, nodeStats({ version: "1.2.2" }), {
    ...last,
    troubles: [trouble("clock off")],
  }];
  const told = peerAnswers(statsOf(legionStats({ roster })));
  assertEquals(told.map(({ sign, what, why }) => `${sign} ${what}: ${why}`), [
    "ok node 2.2.2.2:2000: b in failover: follower, valor 10, heard, hears this node, the same secret " +
    "and list, and the clock is right, version 1.2.2",
    "note node 2.2.2.2:2000: b runs version 1.2.2, and this node 1.2.3",
  ]);
});

Deno.test("another node of this one's name is told", () => {
  const [own] = legionStats().roster;
  const roster = [own, nodeStats({ name: own.name }), nodeStats({ node: "4.4.4.4:1", name: "d" })];
  const told = peerAnswers(statsOf(legionStats({ roster }))).filter(({ sign }) => sign === "note");
  assertEquals(told.map(({ what, why, remedy }) => `${what}: ${why} > ${remedy}`), [
    `node 2.2.2.2:2000: it has this node's name, ${own.name}: log and status do not tell the two ` +
    "apart > hostnamectl set-hostname NAME && failover restart",
  ]);
});

Deno.test("each topic that an answer names is one of failover help", async () => {
  const known = new Set<string>([
    ...helpTopics,
    ...topics.map(({ name }) => name),
    ...commands.map(({ name }) => name),
  ]);
  const named: string[] = [];
  for (const file of await walk("lib/cli/doctor", ".ts")) {
    const text = await Deno.readTextFile(file);
    for (const [, name] of text.matchAll(/topic(?::| =)[^"\n]*"([a-z-]+)"/g)) named.push(name);
  }
  assert(named.length > 10);
  assertEquals(named.filter((name) => !known.has(name) && findOption(name) === undefined), []);
});
