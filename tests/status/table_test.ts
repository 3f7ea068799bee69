import { assert, assertEquals, assertMatch } from "@std/assert";
import { statsTable } from "../../lib/status/table.ts";
import { plain, type TableStyle } from "../../lib/status/table_style.ts";
import { addressStats, legionStats, memberStats, nodeStats, statsOf } from "./stats.ts";

const nodes = ["1.1.1.1:2000", "2.2.2.2:2000", "3.3.3.3:2000"];
const own = nodeStats({ node: nodes[0], is_this: true, hears: nodes, last_heard: 0 });

const troubled = legionStats({
  state: "follower",
  why_not_lord: "server-2 has a higher valor (9998)",
  lords: ["server-2"],
  voters_up: 2,
  name: "server-1",
  roster: [
    { ...own, name: "server-1", valor: 9997 },
    nodeStats({ name: "server-2", valor: 9998, role: "lord", hears: nodes, version: "1.2.4" }),
    nodeStats({
      node: nodes[2],
      name: "server-3",
      valor: 9999,
      role: "stands back",
      last_heard: 69,
      stands_back: ["unfit", "drained"],
      hears: [nodes[0], nodes[2]],
      troubles: [
        { kind: "clock off", why: "its clock is 31 s behind", since: 60 },
      ],
    }),
    nodeStats({
      node: "4.4.4.4:2000",
      name: "",
      role: "unknown",
      valor: 0,
      kind: "",
      last_heard: 0,
      hears: null,
      troubles: [{ kind: "never heard", why: "never heard", since: 0 }],
    }),
  ],
  members: [memberStats({ name: "server-2", valor: 9998 })],
  transitions: 4,
  reigns: [
    { lord: "old", since: 1 },
    { lord: "server-3", since: 2 },
    { lord: "", since: 60 },
    { lord: "server-1", since: 63 },
    { lord: "server-2", since: 65 },
  ],
  running: [
    { event: "unlord", action: "cmd", line: 8, since: 60, attempts: 0, last_error: "" },
  ],
  checks: [{
    name: "web",
    kind: "http",
    line: 7,
    state: "passing",
    since: 60,
    output: "200 OK",
    runs: 9,
  }],
  addresses: [
    addressStats({ points_to: "1.1.1.1", seen_by: "server-1", taken_over_by: "server-2" }),
  ],
  hooks: [{ event: "lord", action: "cmd", line: 7, result: "ok", seconds: 0.25, time: 7 }],
});

Deno.test("what is wrong first, then each legion: its lord, all its nodes, who hears whom, its addresses", () => {
  assertEquals(
    statsTable(statsOf(troubled), plain, 70),
    `warning: server-3 (3.3.3.3:2000): its clock is 31 s behind (since 1970-01-01T00:01:00Z); stands back (unfit, drained) (failover help clock)
warning: 4.4.4.4:2000: never heard (failover help node-silent)
warning: server-3 (3.3.3.3:2000) does not hear server-2 (2.2.2.2:2000) (failover help heard-one-way)
warning: the quorum is just met and rests on this node and server-2 (2.2.2.2:2000): one less, and no lord (failover help quorum-just-met)
node a, process 7, version 1.2.3, up 61 s

legion failover: this node is a follower (server-2 has a higher valor (9998))
  2 of 4 nodes up, quorum 2, votes 3; freq 3 s, tolerance 15 s
  guarantee lease
  lord: server-2 for 5 s; before: server-1 (2 s), nobody (3 s), server-3 (58 s); 4 changes since the start
    NODE      VALOR  ADDRESS       HEARD      STATE
  > server-1  9997   1.1.1.1:2000             follower, this node
  * server-2  9998   2.2.2.2:2000  0.5 s ago  lord, version 1.2.4
    server-3  9999   3.3.3.3:2000  1 s ago    stands back (unfit, drained), its clock is 31 s behind (since 1970-01-01T00:01:00Z)
    -         -      4.4.4.4:2000  never      never heard
  who hears whom (x: hears, -: does not, ?: not told)
                  1 2 3 4
  1 server-1      . x x -
  2 server-2      x . x -
  3 server-3      x - . -
  4 4.4.4.4:2000  ? ? ? .
  check web, http: passing since 1970-01-01T00:01:00Z (200 OK)
  4.4.4.4 pointed to 1.1.1.1, seen 63 s ago by this node, before server-2 took over
  unlord hook cmd (line 8) since 10 s
  lord hook cmd (line 7): ok, 0.3 s
`,
  );
});

Deno.test("in a terminal of 80 columns no line is longer, and what was broken hangs", () => {
  const told = statsTable(statsOf(troubled), { ...plain, width: 80 }, 70);
  for (const line of told.split("\n")) assert(line.length <= 80, line);
  assertEquals(told.split("\n").slice(0, 2), [
    "warning: server-3 (3.3.3.3:2000): its clock is 31 s behind (since",
    "  1970-01-01T00:01:00Z); stands back (unfit, drained) (failover help clock)",
  ]);
  const start = told.indexOf("    server-3  9999");
  assertEquals(
    told.slice(start, told.indexOf("    -  ")),
    `    server-3  9999   3.3.3.3:2000  1 s ago    stands back (unfit, drained), its
                                              clock is 31 s behind (since
                                              1970-01-01T00:01:00Z)
`,
  );
});

Deno.test("in a terminal of 80 columns long names are shortened, and long rows have states below", () => {
  const named = (node: string) =>
    legionStats({
      roster: [
        { ...own, name: `${"long-".repeat(10)}name`, role: "lord" },
        nodeStats({ node, name: "b", troubles: [{ kind: "silent", why: "is silent", since: 60 }] }),
      ],
    });
  const rows = (node: string) => {
    const told = statsTable(statsOf(named(node)), { ...plain, width: 80 }, 70).split("\n");
    for (const line of told) assert(line.length <= 80, line);
    const start = told.findIndex((line) => line.startsWith("    NODE "));
    return told.slice(start, start + 5).join("\n");
  };
  assertMatch(
    rows("2.2.2.2:2000"),
    /^ +NODE .* STATE\n {2}\* long-long-[a-z-]+~ .* lord, this node\n/,
  );
  assertMatch(
    rows("[2a01:4f8:c17:1234::1]:2000"),
    /^ +NODE .* HEARD\n {2}\* long-long-long-~ .*\n {6}lord, this node\n {4}b .*\n {6}\S/,
  );
});

Deno.test("each part of the table has its style, and its words when there is little to tell", () => {
  const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const style: TableStyle = {
    bold: tag("b"),
    good: tag("good"),
    warning: tag("warning"),
    critical: tag("critical"),
    width: Infinity,
  };
  const check = { kind: "tcp", line: 7, since: 60, runs: 0 } as const;
  const stats = statsOf(legionStats({
    lease_seconds: 8.25,
    roster: [
      { ...own, name: "a", valor: 20, role: "lord" },
      nodeStats({ troubles: [{ kind: "silent", why: "silent since 60", since: 60 }] }),
      nodeStats({ node: nodes[2], name: "c", kind: "uwsgi", hears: null, last_heard: 60 }),
    ],
    checks: [
      { ...check, name: "web", state: "passing", output: "" },
      { ...check, name: "db", state: "pending", output: "" },
    ],
    members: [],
    reigns: [],
    addresses: [
      addressStats({ seen: 0, points_to: null }),
      addressStats({ ip: "5.5.5.5", seen: 0, points_to: null, problem: "UNAUTHORIZED: wrong" }),
      addressStats({ ip: "6.6.6.6", seen: 60, points_to: null }),
    ],
  }));
  assertEquals(
    statsTable(stats, style, 70),
    `<critical>critical: 6.6.6.6 points nowhere, not here (failover help address-elsewhere)</critical>
<warning>warning: 5.5.5.5: UNAUTHORIZED: wrong (failover help takeover-fails)</warning>
<warning>warning: b (2.2.2.2:2000): silent since 60 (failover help node-silent)</warning>
node a, process 7, version 1.2.3, up 61 s

<b>legion failover</b>: this node is <good>the lord</good>
  3 of 3 nodes up, quorum 2, votes 3; freq 3 s, tolerance 15 s
  guarantee lease, this node's lasts 8.3 s
    NODE  VALOR  ADDRESS       HEARD     STATE
<good>  * a     20     1.1.1.1:2000            lord, this node</good>
<warning>    b     10     2.2.2.2:2000  63 s ago  silent since 60</warning>
    c     10     3.3.3.3:2000  10 s ago  follower, uWSGI
  check web, tcp: passing since 1970-01-01T00:01:00Z
<warning>  check db, tcp: pending since 1970-01-01T00:01:00Z</warning>
  4.4.4.4: not seen yet
  5.5.5.5: not seen yet (UNAUTHORIZED: wrong)
  6.6.6.6 points nowhere, seen 10 s ago by this node
`,
  );
});

Deno.test("without a lord it is told whom each one supports", () => {
  const told = statsTable(statsOf(legionStats({ state: "follower", lords: [], supports: "a" })));
  const rows = told.split("\n").filter((line) => line.includes("supports"));
  assertEquals(rows.length, 3);
});

Deno.test("who hears whom is not told where everybody hears everybody that is there", () => {
  const dead = nodeStats({
    node: nodes[2],
    hears: nodes,
    troubles: [{ kind: "silent", why: "silent", since: 7 }],
  });
  const alive = nodeStats({ hears: [nodes[0], nodes[1]] });
  const roster = [{ ...own, hears: [nodes[0], nodes[1]] }, alive, dead];
  assertEquals(/hears/.test(statsTable(statsOf(legionStats({ roster })))), false);
});

Deno.test("how long a node is up is told in whole seconds, minutes, hours and days", () => {
  const up = (uptime_seconds: number) => {
    const [, told] = /, up (.*)/.exec(statsTable({ ...statsOf(), uptime_seconds }))!;
    return told;
  };
  assertEquals([0.9, 119.9, 120, 7_199, 7_200, 172_799, 172_800].map(up), [
    "0 s",
    "119 s",
    "2 min",
    "119 min",
    "2 h",
    "47 h",
    "2 d",
  ]);
});

Deno.test("this node's own row says candidate where the head does", () => {
  const ofState = (state: "candidate" | "follower") =>
    statsTable(statsOf(legionStats({ state, roster: [own], lords: [] })), plain, 70);
  assertMatch(ofState("candidate"), / candidate, this node/);
  assertMatch(ofState("follower"), / follower, this node/);
});
