import { assertEquals } from "@std/assert";
import { findings, verdictOf, verdictWithout } from "../../lib/status/verdict.ts";
import type { AddressStats, LegionStats } from "../../lib/status/report.ts";
import { legionStats, memberStats, statsOf } from "./stats.ts";

Deno.test("OK: who is lord, and the figures", () => {
  assertEquals(verdictOf(statsOf(legionStats())), {
    exitStatus: 0,
    line: "FAILOVER OK - failover: this node is the lord, 3 present | " +
      "lord=1 members=2 votes=3 quorum=2 lordless=0.0s dropped=0c",
  });
});

Deno.test("OK: an election takes its time, and then there is no lord to name", () => {
  const electing = legionStats({
    state: "follower",
    lords: [],
    supports: "",
    lordless_seconds: 1.25,
    votes: 1,
    dropped: {
      size: { count: 3, last_seconds_ago: 700 },
      forged: { count: 4, last_seconds_ago: 700 },
    },
  });
  assertEquals(verdictOf(statsOf(electing)), {
    exitStatus: 0,
    line: "FAILOVER OK - failover: no lord for 1 s, 3 present | " +
      "lord=0 members=2 votes=1 quorum=2 lordless=1.3s dropped=7c",
  });
});

const conditions: [level: string, text: string, changed: Parameters<typeof legionStats>[0]][] = [
  ["critical", "a and b all say that they are lord", { lords: ["a", "b"] }],
  ["critical", "no lord for 22 s (this node: b has a higher valor (20))", {
    state: "follower",
    why_not_lord: "b has a higher valor (20)",
    lords: [],
    lordless_seconds: 22.4,
  }],
  ["critical", "no quorum: 1 present, 2 needed", { members: [] }],
  ["critical", "4.4.4.4 points to 2.2.2.2, not here", {
    addresses: [address({ active_server_ip: "2.2.2.2" })],
  }],
  ["critical", "4.4.4.4 points nowhere, not here", {
    addresses: [address({ active_server_ip: null })],
  }],
  ["warning", "b has the same valor 20: give each node its own", {
    members: [memberStats({ valor: 20 }), memberStats({ name: "c" })],
  }],
  ["warning", "3.3.3.3:2000 has never been heard", { never_heard: ["3.3.3.3:2000"] }],
  ["warning", "guarantee none: when nodes lose sight of each other, two may be lord at once", {
    guarantee: "none",
  }],
  // In a group there are no nodes to configure.
  ["warning", "guarantee none: when nodes lose sight of each other, two may be lord at once", {
    guarantee: "none",
    nodes: [],
  }],
  ["warning", "guarantee none: when nodes lose sight of each other, two may be lord at once", {
    guarantee: "none",
    members: [],
    quorum: 1,
  }],
  [
    "warning",
    "guarantee none (c is a uWSGI node): when nodes lose sight of each other, two may be lord at once",
    { guarantee: "none", guarantee_why: "c is a uWSGI node" },
  ],
  ["warning", "notes for a restart cannot be kept: the disk is full", {
    memory_trouble: "notes for a restart cannot be kept: the disk is full",
  }],
  ["warning", "datagrams without the mac of legion-auth come in", {
    dropped: { forged: { count: 1, last_seconds_ago: 600 } },
  }],
  ["warning", "stands back: check web fails; drained by eve, until 1970-01-01T00:01:00Z", {
    state: "stands back",
    lords: ["b"],
    stands_back: [
      { kind: "unfit", why: "check web fails", until: 0 },
      { kind: "drained", why: "drained by eve", until: 60 },
      { kind: "holding back", why: "it holds back", until: 0 },
    ],
  }],
  ["warning", "the quorum is just met: one less, and no lord", { quorum: 3 }],
  ["warning", "this node has just started and supports no lord yet", {
    state: "listening",
    lords: [],
    supports: "",
  }],
  ["warning", "this node has just started and supports no lord yet", {
    state: "follower",
    lords: ["b"],
    supports: "",
  }],
  ["warning", "this node has just started and supports no lord yet", {
    state: "stands back",
    lords: ["b"],
    supports: "",
    stands_back: [{ kind: "holding back", why: "it holds back", until: 0 }],
  }],
  ["warning", "the clock of b differs by -31 s", {
    members: [memberStats({ clock_skew_seconds: -31 }), memberStats({ name: "c" })],
  }],
  ["warning", "lord hook (line 7): failed: TIMEOUT", {
    hooks: [hook("failed: TIMEOUT")],
  }],
  ["warning", "4.4.4.4: UNAUTHORIZED: wrong", {
    addresses: [address({ problem: "UNAUTHORIZED: wrong" })],
  }],
  ...["undecipherable", "size", "malformed"].map((reason): typeof conditions[number] => [
    "warning",
    "datagrams with another secret, IV or cipher come in",
    { dropped: { [reason]: { count: 1, last_seconds_ago: 600 } } },
  ]),
];

function address(changed: Partial<AddressStats>): AddressStats {
  const usual = { provider: "p", ip: "4.4.4.4", wanted: "1.1.1.1", active_server_ip: "1.1.1.1" };
  const all = { ...usual, seen: 7, seen_by: "", taken_over_by: "", problem: "", ...changed };
  return { points_to: all.active_server_ip, ...all };
}

function hook(result: string) {
  return { event: "lord", action: "cmd", line: 7, result, seconds: 1, time: 7 };
}

for (const [level, text, changed] of conditions) {
  Deno.test(`${level}: ${text}`, () => {
    const stats = statsOf(legionStats(changed));
    assertEquals(findings(stats), [{ level, text } as ReturnType<typeof findings>[number]]);
    const { exitStatus, line } = verdictOf(stats);
    assertEquals(exitStatus, level === "critical" ? 2 : 1);
    assertEquals(line.startsWith(`FAILOVER ${level.toUpperCase()} - ${text} | lord=`), true, line);
  });
}

const fine: [what: string, changed: Parameters<typeof legionStats>[0]][] = [
  ["uWSGI's rule knows no support", {
    state: "follower",
    lords: ["b"],
    supports: "",
    nodes: [],
    members: [],
    quorum: 1,
    guarantee: "none",
    leased: false,
  }],
  ["an election takes its time", { lords: [], lordless_seconds: 21.75 }],
  ["a follower's address is its lord's business", {
    state: "follower",
    addresses: [address({ active_server_ip: "2.2.2.2" })],
  }],
  ["an address that was never seen is not elsewhere", {
    addresses: [address({ active_server_ip: null, seen: 0 })],
  }],
  ["a clock may differ by half of what is tolerated", {
    members: [memberStats({ clock_skew_seconds: 30 }), memberStats({ name: "c" })],
  }],
  ["a hook that was aborted is no failure", { hooks: [hook("aborted"), hook("ok")] }],
  ["a wrong key is forgotten after 10 minutes", {
    dropped: { undecipherable: { count: 1, last_seconds_ago: 601 } },
  }],
  ["a node that is alone in its legion needs no more", {
    quorum: 1,
    nodes: [],
    members: [],
    guarantee: "none",
  }],
];
for (const [what, changed] of fine) {
  Deno.test(`fine: ${what}`, () => assertEquals(findings(statsOf(legionStats(changed))), []));
}

Deno.test("the worst comes first, and of several legions each is named", () => {
  const one = legionStats({ legion: "one", never_heard: ["x"] });
  const two = legionStats({ legion: "two", members: [] });
  assertEquals(findings(statsOf(one, two)).map(({ text }) => text), [
    "two: no quorum: 1 present, 2 needed",
    "one: x has never been heard",
  ]);
});

Deno.test("no text can pass for performance data, or for a second line", () => {
  const { line } = verdictWithout("CRITICAL", "no|such\nnode");
  assertEquals(line, "FAILOVER CRITICAL - no/such\\u000anode");
  assertEquals(verdictWithout("UNKNOWN", "").exitStatus, 3);
});

Deno.test("a check that fails everywhere is critical, since there is no lord", () => {
  const why = "check web fails: connection refused";
  const { exitStatus, line } = verdictOf(statsOf(legionStats({
    state: "stands back",
    why_not_lord: why,
    stands_back: [{ kind: "unfit", why, until: 0 }],
    lords: [],
    lordless_seconds: 60,
  })));
  assertEquals(exitStatus, 2);
  assertEquals(
    line.split(" | ")[0],
    `FAILOVER CRITICAL - no lord for 60 s (this node: ${why}); ` +
      `stands back: ${why}`,
  );
});

Deno.test("who is lord is told where all is well, and calmly that this node holds back", () => {
  const said = (changed: Partial<LegionStats>) => {
    const { line } = verdictOf(statsOf(legionStats({ state: "follower", ...changed })));
    return line.split(" | ")[0];
  };
  assertEquals(said({ lords: ["b"] }), "FAILOVER OK - failover: the lord is b, 3 present");
  const lordless = said({ lords: [], lordless_seconds: 4 });
  assertEquals(lordless, "FAILOVER OK - failover: no lord for 4 s, 3 present");
  const why = "it holds back as an arbiter";
  assertEquals(
    said({
      state: "stands back",
      lords: ["b"],
      stands_back: [{ kind: "holding back", why, until: 0 }],
      why_not_lord: why,
    }),
    `FAILOVER OK - failover: the lord is b, 3 present (this node: ${why})`,
  );
});
