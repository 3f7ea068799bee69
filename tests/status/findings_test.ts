import { assertEquals } from "@std/assert";
import type { HelpTopic } from "../../lib/base/help_topic.ts";
import type { Finding } from "../../lib/status/finding.ts";
import { findings } from "../../lib/status/findings.ts";
import { verdictOf } from "../../lib/status/verdict.ts";
import { type NodeTroubleKind, nodeTroubleKinds } from "../../lib/status/node_stats.ts";
import type { LegionStats } from "../../lib/status/report.ts";
import { addressStats, legionStats, nodeStats, statsOf } from "./stats.ts";

type Changed = Partial<LegionStats>;
type Condition = [
  level: Finding["level"],
  topic: HelpTopic,
  text: string,
  changed: Changed,
];

const here = nodeStats({
  node: "1.1.1.1:2000",
  name: "a",
  valor: 20,
  role: "lord",
  is_this: true,
  hears: ["1.1.1.1:2000", "2.2.2.2:2000"],
});
const c = { node: "3.3.3.3:2000", name: "c" };
const b = nodeStats({ hears: ["1.1.1.1:2000", "2.2.2.2:2000"] });

/** Three nodes, the last one with this trouble. */
function troubled(kind: NodeTroubleKind, why: string, since = 0): Changed {
  const troubles = [{ kind, why, since }];
  return { roster: [here, nodeStats(), nodeStats({ ...c, troubles })] };
}

const lordless: Changed = { state: "follower", lords: [], lordless_seconds: 3 };
const follows = { state: "follower", lords: ["b"] } as const;
const running = { event: "lord", action: "cmd", line: 7, since: 60, attempts: 0, last_error: "" };

const conditions: Condition[] = [
  ["critical", "two-lords", "a and b all say that they are lord", { lords: ["a", "b"] }],
  [
    "critical",
    "no-lord",
    "no lord for 22 s (this node: b has a higher valor (20))",
    { ...lordless, why_not_lord: "b has a higher valor (20)", lordless_seconds: 22.4 },
  ],
  [
    "warning",
    "no-lord",
    "no lord for 22 s (this node: it votes); a start or an election takes up to 22 s",
    { ...lordless, why_not_lord: "it votes", lordless_seconds: 21.75 },
  ],
  [
    "warning",
    "no-lord",
    "no lord for 0 s; a start or an election takes up to 22 s",
    { ...lordless, lordless_seconds: 0 },
  ],
  [
    "warning",
    "no-lord",
    "no lord for 3 s (this node: it listens for 9.0 s more first); " +
    "a start or an election takes up to 22 s",
    {
      ...lordless,
      state: "listening",
      supports: "",
      why_not_lord: "it listens for 9.0 s more first",
    },
  ],
  [
    "critical",
    "no-quorum",
    "no lord for 3 s: no quorum: 1 of 3 nodes hear each other, 2 needed",
    { ...lordless, why_not_lord: "no quorum: 1 present, 2 needed", voters_up: 1 },
  ],
  [
    "critical",
    "no-quorum",
    "no quorum: 1 of 3 nodes hear each other, 2 needed",
    { voters_up: 1, present: 3 },
  ],
  [
    "critical",
    "cannot-listen",
    "no lord for 3 s: this node cannot take part: it waits until 1.1.1.1:2000 can be listened on",
    {
      ...lordless,
      state: "listening",
      why_not_lord: "it waits until 1.1.1.1:2000 can be listened on",
      voters_up: 1,
    },
  ],
  ["critical", "no-quorum", "no quorum: 1 present, 2 needed", { roster: [], present: 1 }],
  [
    "critical",
    "no-quorum",
    "no quorum: 1 present, 2 needed",
    { leased: false, voters_up: 3, present: 1 },
  ],
  [
    "warning",
    "takeover-fails",
    "no lord for 3 s (this node is taking over: lord hook cmd (line 7) since 10 s, " +
    "attempt 2, last error: LOCKED: wait); " +
    "a start or an election takes up to 22 s",
    {
      ...lordless,
      state: "taking over",
      why_not_lord: "its lord hooks run",
      running: [{ ...running, attempts: 2, last_error: "LOCKED: wait" }],
    },
  ],
  [
    "critical",
    "takeover-fails",
    "no lord for 23 s (this node is taking over: lord hook cmd (line 7) since 10 s, attempt 1)",
    {
      ...lordless,
      lordless_seconds: 23,
      state: "taking over",
      running: [{ ...running, attempts: 1 }],
    },
  ],
  [
    "critical",
    "takeover-fails",
    "no lord for 23 s (this node is taking over)",
    { ...lordless, lordless_seconds: 23, state: "taking over" },
  ],
  [
    "critical",
    "takeover-fails",
    "no lord for 23 s (b (2.2.2.2:2000) is taking over)",
    {
      ...lordless,
      lordless_seconds: 23,
      roster: [nodeStats({ ...here, role: "follower" }), nodeStats({ role: "taking over" })],
      voters_up: 2,
    },
  ],
  [
    "critical",
    "check-fails",
    "no lord for 60 s (this node: check web fails)",
    {
      ...lordless,
      state: "stands back",
      lordless_seconds: 60,
      why_not_lord: "check web fails",
      stands_back: [{ kind: "unfit", why: "check web fails", until: 0 }],
    },
  ],
  [
    "warning",
    "quorum-just-met",
    "the quorum is just met and rests on this node and b (2.2.2.2:2000): one less, and no lord",
    {
      voters_up: 2,
      roster: [here, b, nodeStats({ ...c, name: "", role: "unknown", hears: null })],
    },
  ],
  [
    "warning",
    "quorum-just-met",
    "the quorum is just met: one less, and no lord",
    { voters_up: 2 },
  ],
  [
    "warning",
    "quorum-just-met",
    "the quorum is just met: one less, and no lord",
    { roster: [], present: 2, voters_up: 2 },
  ],
  [
    "critical",
    "no-quorum",
    "legion-quorum is 4, and 3 nodes are listed: there is never a lord",
    { quorum: 4 },
  ],
  [
    "critical",
    "wrong-target",
    "4.4.4.4 is to point to 9.9.9.9 (active_ip, line 7), which is on no interface of this server",
    {
      addresses: [addressStats({ wanted: "9.9.9.9" })],
      misplaced: [{ kind: "another server", ip: "4.4.4.4", wanted: "9.9.9.9", line: 7 }],
    },
  ],
  [
    "critical",
    "wrong-target",
    "4.4.4.4 is to point to 2.2.2.2 (active_ip, line 7), which is b (2.2.2.2:2000), not this node",
    {
      addresses: [addressStats({ wanted: "2.2.2.2", points_to: "2.2.2.2" })],
      misplaced: [{ kind: "another server", ip: "4.4.4.4", wanted: "2.2.2.2", line: 7 }],
    },
  ],
  [
    "critical",
    "address-missing",
    "4.4.4.4 is on no interface of this server, which does not answer for it",
    { misplaced: [{ kind: "nowhere here", ip: "4.4.4.4", wanted: "1.1.1.1", line: 7 }] },
  ],
  [
    "warning",
    "address-missing",
    "4.4.4.4 is on no interface of this server, which would not answer for it as lord",
    {
      ...follows,
      misplaced: [{ kind: "nowhere here", ip: "4.4.4.4", wanted: "1.1.1.1", line: 7 }],
    },
  ],
  [
    "critical",
    "address-elsewhere",
    "4.4.4.4 points to 2.2.2.2, b (2.2.2.2:2000), not here",
    { addresses: [addressStats({ points_to: "2.2.2.2" })] },
  ],
  [
    "critical",
    "address-on-device",
    "4.4.4.4 points nowhere, not here",
    { addresses: [addressStats({ points_to: null, provider: "device" })] },
  ],
  [
    "warning",
    "address-on-device",
    "4.4.4.4: the device lan is down",
    { addresses: [addressStats({ problem: "the device lan is down", provider: "device" })] },
  ],
  [
    "warning",
    "address-elsewhere",
    "4.4.4.4 points to 3.3.3.3, c (3.3.3.3:2000), and b (2.2.2.2:2000) is the lord",
    {
      ...follows,
      roster: [{ ...here, role: "follower" }, nodeStats({ role: "lord" }), nodeStats(c)],
      addresses: [addressStats({ points_to: "3.3.3.3", seen_by: "b" })],
    },
  ],
  [
    "warning",
    "wrong-target",
    "4.4.4.4 points to web1, where this node would have it, and b (2.2.2.2:2000) is the lord: " +
    "do both name one server?",
    {
      ...follows,
      roster: [{ ...here, role: "follower" }, nodeStats({ role: "lord" }), nodeStats(c)],
      addresses: [addressStats({ points_to: "web1", wanted: "web1", seen_by: "b" })],
    },
  ],
  [
    "warning",
    "login-refused",
    "c (3.3.3.3:2000): stands back (its login is refused)",
    { roster: [here, nodeStats(), nodeStats({ ...c, stands_back: ["refused"] })] },
  ],
  [
    "warning",
    "login-refused",
    "stands back: the login is refused",
    {
      ...follows,
      stands_back: [{ kind: "refused", why: "the login is refused", until: 0 }],
      addresses: [addressStats({ problem: "UNAUTHORIZED: no" })],
    },
  ],
  [
    "warning",
    "secret",
    "all other nodes (so look at this one first): another secret (since 1970-01-01T00:01:00Z)",
    {
      roster: [
        here,
        ...[nodeStats(), nodeStats(c)].map((node) => ({
          ...node,
          troubles: [{
            kind: "another secret" as const,
            why: "another secret (as with all others: look at this node first)",
            since: 60,
          }],
        })),
      ],
    },
  ],
  [
    "critical",
    "address-elsewhere",
    "4.4.4.4 points to 9.9.9.9, not here",
    { addresses: [addressStats({ points_to: "9.9.9.9" })] },
  ],
  [
    "critical",
    "address-elsewhere",
    "4.4.4.4 points nowhere, not here",
    { addresses: [addressStats({ points_to: null })] },
  ],
  [
    "critical",
    "address-elsewhere",
    "4.4.4.4 is not known to be here: it pointed to 9.9.9.9 before c took over",
    { addresses: [addressStats({ points_to: "9.9.9.9", taken_over_by: "c" })] },
  ],
  [
    "critical",
    "wrong-target",
    "4.4.4.4 is to point to 2.2.2.2, which is b (2.2.2.2:2000), not this node",
    { addresses: [addressStats({ wanted: "2.2.2.2", points_to: "2.2.2.2" })] },
  ],
  [
    "warning",
    "wrong-target",
    "4.4.4.4 is to point to 2a01::0:2, which is b ([2a01::2]:2000), not this node",
    {
      state: "follower",
      lords: ["b"],
      roster: [here, nodeStats({ node: "[2a01::2]:2000" })],
      addresses: [addressStats({ wanted: "2a01::0:2" })],
    },
  ],
  [
    "critical",
    "wrong-target",
    "4.4.4.4 is to point to 2a01::, which is b ([2a01::2]:2000), not this node",
    {
      roster: [here, nodeStats({ node: "[2a01::2]:2000" })],
      addresses: [addressStats({ wanted: "2a01::", points_to: "2a01::" })],
    },
  ],
  [
    "warning",
    "takeover-fails",
    "4.4.4.4: UNAUTHORIZED: wrong",
    { addresses: [addressStats({ problem: "UNAUTHORIZED: wrong" })] },
  ],
  [
    "warning",
    "node-silent",
    "c (3.3.3.3:2000): silent since 14:03:21 UTC",
    troubled("silent", "silent since 14:03:21 UTC", 60),
  ],
  [
    "warning",
    "clock",
    "c (3.3.3.3:2000): its clock is 31 s behind (since 1970-01-01T00:01:00Z)",
    troubled("clock off", "its clock is 31 s behind", 60),
  ],
  [
    "warning",
    "node-silent",
    "3.3.3.3:2000: never heard; so the guarantee is none",
    {
      guarantee: "none",
      guarantee_why: "3.3.3.3:2000 has not been heard",
      roster: [
        here,
        nodeStats(),
        nodeStats({
          ...c,
          name: "",
          troubles: [{ kind: "never heard", why: "never heard", since: 0 }],
        }),
      ],
    },
  ],
  [
    "warning",
    "secret",
    "c (3.3.3.3:2000): silent since 14:03:21 UTC; it uses another secret",
    {
      dropped: { undecipherable: { count: 1, last_seconds_ago: 1 } },
      roster: [
        here,
        nodeStats(),
        nodeStats({
          ...c,
          stands_back: ["drained"],
          troubles: [
            { kind: "silent", why: "silent since 14:03:21 UTC", since: 60 },
            { kind: "another secret", why: "it uses another secret", since: 0 },
          ],
        }),
      ],
    },
  ],
  [
    "warning",
    "heard-one-way",
    "b (2.2.2.2:2000) does not hear c (3.3.3.3:2000)",
    { roster: [here, b, nodeStats(c)] },
  ],
  [
    "warning",
    "heard-one-way",
    "2.2.2.2:2001 does not hear 2.2.2.2:2002, 2.2.2.2:2001 does not hear 2.2.2.2:2003, " +
    "2.2.2.2:2002 does not hear 2.2.2.2:2001, and 3 more such cuts",
    {
      roster: [
        here,
        ...["2.2.2.2:2001", "2.2.2.2:2002", "2.2.2.2:2003"].map((node) =>
          nodeStats({ node, name: "", hears: [here.node, node] })
        ),
      ],
    },
  ],
  [
    "warning",
    "secret",
    "datagrams with another secret, IV or cipher come in",
    {
      nodes: [],
      roster: [here],
      voters_up: 1,
      quorum: 1,
      dropped: { size: { count: 1, last_seconds_ago: 600 } },
    },
  ],
  [
    "warning",
    "check-fails",
    "c (3.3.3.3:2000): stands back (unfit, drained)",
    {
      roster: [
        here,
        nodeStats(),
        nodeStats({ ...c, stands_back: ["unfit", "holding back", "drained"] }),
      ],
    },
  ],
  [
    "warning",
    "no-guarantee",
    "guarantee none: when nodes lose sight of each other, two may be lord at once",
    { guarantee: "none" },
  ],
  // In a group there are no nodes to configure.
  [
    "warning",
    "no-guarantee",
    "guarantee none: when nodes lose sight of each other, two may be lord at once",
    { guarantee: "none", nodes: [] },
  ],
  [
    "warning",
    "no-guarantee",
    "guarantee none: when nodes lose sight of each other, two may be lord at once",
    { guarantee: "none", members: [], quorum: 1 },
  ],
  [
    "warning",
    "no-guarantee",
    "guarantee none (c is a uWSGI node): when nodes lose sight of each other, " +
    "two may be lord at once",
    { guarantee: "none", guarantee_why: "c is a uWSGI node" },
  ],
  ["warning", "memory", "notes for a restart cannot be kept: the disk is full", {
    memory_trouble: "notes for a restart cannot be kept: the disk is full",
  }],
  ["warning", "secret", "datagrams without the mac of legion-auth come in", {
    dropped: { forged: { count: 1, last_seconds_ago: 15 } },
  }],
  [
    "warning",
    "nodes-differ",
    "a node of uWSGI's, or with legion-lease off, is ignored: legion-lease is on here",
    { dropped: { unleased: { count: 1, last_seconds_ago: 15 } } },
  ],
  ...["undecipherable", "size", "malformed"].map((reason): Condition => [
    "warning",
    "secret",
    "datagrams with another secret, IV or cipher come in",
    { dropped: { [reason]: { count: 1, last_seconds_ago: 15 } } },
  ]),
  [
    "warning",
    "check-fails",
    "stands back: check web fails; drained by eve, until 1970-01-01T00:01:00Z",
    {
      state: "stands back",
      lords: ["b"],
      stands_back: [
        { kind: "unfit", why: "check web fails", until: 0 },
        { kind: "drained", why: "drained by eve", until: 60 },
        { kind: "holding back", why: "it holds back", until: 0 },
      ],
    },
  ],
  ...["follower", "listening", "stands back"].map((state): Condition => [
    "warning",
    "just-started",
    "this node has just started and supports no lord yet",
    {
      state: state as LegionStats["state"],
      lords: ["b"],
      supports: "",
      stands_back: [{ kind: "holding back", why: "it holds back", until: 0 }],
    },
  ]),
  ["warning", "hook-failed", "lord hook (line 7): failed: TIMEOUT: none", {
    hooks: [hook("failed: TIMEOUT: none")],
    // The same cause.
    addresses: [addressStats({ problem: "TIMEOUT: none" })],
  }],
  // The hook's failure is over, and this node's way to the provider is not mended.
  ["warning", "takeover-fails", "4.4.4.4: TIMEOUT: none", {
    ...follows,
    hooks: [hook("failed: TIMEOUT: none")],
    addresses: [addressStats({ problem: "TIMEOUT: none" })],
  }],
];

function hook(result: string) {
  return { event: "lord", action: "cmd", line: 7, result, seconds: 1, time: 7 };
}

for (const [level, topic, text, changed] of conditions) {
  Deno.test(`${level}: ${text} ${JSON.stringify(changed).slice(0, 60)}`, () => {
    const stats = statsOf(legionStats(changed));
    assertEquals(findings(stats, 70), [{ level, text, topic }]);
    const { exitStatus, line } = verdictOf(stats, 70);
    assertEquals(exitStatus, level === "critical" ? 2 : 1);
    const [told, data] = line.split(" | ");
    assertEquals(told, `FAILOVER ${level.toUpperCase()} - ${text} (failover help ${topic})`);
    assertEquals(data.startsWith("lord="), true);
  });
}

for (const kind of nodeTroubleKinds) {
  Deno.test(`a node with the trouble ${kind} is named, once, with a topic`, () => {
    const found = findings(statsOf(legionStats(troubled(kind, "is amiss", 60))));
    assertEquals(found.map(({ level, text }) => [level, text]), [
      ["warning", "c (3.3.3.3:2000): is amiss (since 1970-01-01T00:01:00Z)"],
    ]);
  });
}

const fine: [what: string, changed: Changed][] = [
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
  ["a follower's address is its lord's business", {
    state: "follower",
    addresses: [addressStats({ points_to: "2.2.2.2" })],
  }],
  ["an address that was never seen is not elsewhere", {
    addresses: [addressStats({ points_to: null, seen: 0 })],
  }],
  ["an address may be that of several nodes, if this is one of them", {
    roster: [here, nodeStats({ node: "1.1.1.1:2001", hears: null })],
    addresses: [addressStats({})],
  }],
  ["a lord hook has failed, and another node has been lord since", {
    ...follows,
    hooks: [hook("failed: TIMEOUT: none")],
  }],
  ["a hook that was aborted is no failure", { hooks: [hook("aborted"), hook("ok")] }],
  ["a wrong key is forgotten once it is mended", {
    dropped: { undecipherable: { count: 1, last_seconds_ago: 15.1 } },
  }],
  ["a wrong key is forgotten after 10 minutes where no other node is listed", {
    nodes: [],
    roster: [here],
    voters_up: 1,
    quorum: 1,
    dropped: { undecipherable: { count: 1, last_seconds_ago: 601 } },
  }],
  ["a node that is alone in its legion needs no more", {
    quorum: 1,
    nodes: [],
    members: [],
    guarantee: "none",
  }],
  ["two of two are all there are", {
    voters_up: 2,
    roster: [here, b],
  }],
  ["a leader is elsewhere, and not on a third node", {
    state: "stands back",
    why_not_lord: "check patroni fails: 503 Service Unavailable",
    stands_back: [{ kind: "not leader", why: "check patroni fails: 503", until: 0 }],
    roster: [here, nodeStats(), nodeStats({ ...c, stands_back: ["not leader"] })],
  }],
  ["another node holds back", {
    roster: [here, nodeStats(), nodeStats({ ...c, stands_back: ["holding back"] })],
  }],
];
for (const [what, changed] of fine) {
  Deno.test(`fine: ${what}`, () => assertEquals(findings(statsOf(legionStats(changed))), []));
}

Deno.test("no moment without a lord is OK, whatever the node says of itself", () => {
  for (const state of ["listening", "follower", "candidate", "stands back", "stopping"] as const) {
    for (const lordless_seconds of [0, 1, 22, 1_000]) {
      const legion = legionStats({ state, lords: [], lordless_seconds });
      assertEquals(verdictOf(statsOf(legion)).exitStatus, lordless_seconds > 21.75 ? 2 : 1);
    }
  }
});

Deno.test("a configuration that could not be read anew would stop the next start", () => {
  const stats = { ...statsOf(legionStats()), not_read_anew: "/etc/failover.ini:5: no such option" };
  assertEquals(findings(stats), [{
    level: "warning",
    text:
      "the configuration was not read anew, and a start would fail: /etc/failover.ini:5: no such option",
    topic: "not-read-anew",
  }]);
});

Deno.test("the worst comes first, and of several legions each is named", () => {
  const one = legionStats({ legion: "one", ...troubled("left", "left") });
  const two = legionStats({ legion: "two", voters_up: 1 });
  assertEquals(findings(statsOf(one, two)).map(({ text }) => text), [
    "two: no quorum: 1 of 3 nodes hear each other, 2 needed",
    "one: c (3.3.3.3:2000): left",
  ]);
});
