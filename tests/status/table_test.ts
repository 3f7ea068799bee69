import { assertEquals } from "@std/assert";
import { statsTable } from "../../lib/status/table.ts";
import { legionStats, memberStats, statsOf } from "./stats.ts";

Deno.test("what is wrong first, then each legion with its lord marked", () => {
  const stats = statsOf(legionStats({
    state: "follower",
    why_not_lord: "b has a higher valor (30)",
    i_am_the_lord: 0,
    lord_uuid: "b".repeat(36),
    guarantee: "none",
    guarantee_why: "b is a uWSGI node",
    members: [memberStats({ valor: 30, lord: 7, vote: "b", supports: "", kind: "uwsgi" })],
    never_heard: ["3.3.3.3:2000"],
    addresses: [
      {
        ip: "4.4.4.4",
        wanted: "1.1.1.1",
        provider: "hetzner-robot",
        points_to: "2.2.2.2",
        active_server_ip: "2.2.2.2",
        seen: 60,
        seen_by: "",
        taken_over_by: "",
        problem: "",
      },
    ],
    checks: [{
      name: "web",
      kind: "http",
      line: 7,
      state: "failing",
      since: 60,
      output: "503 Service Unavailable",
      runs: 9,
    }],
    hooks: [{ event: "lord", action: "cmd", line: 7, result: "ok", seconds: 0.25, time: 7 }],
  }));
  assertEquals(
    statsTable(stats),
    `warning: guarantee none (b is a uWSGI node): when nodes lose sight of each other, two may be lord at once (failover help no-guarantee)
node a, process 7, version 1.2.3, up 61 s

legion failover: this node is a follower (b has a higher valor (30))
  votes 3, quorum 2, freq 3 s, tolerance 15 s
  guarantee none (b is a uWSGI node)
     NODE  VALOR  ADDRESS       VOTES FOR  SUPPORTS  HEARD      CLOCK  IS
     a     20     1.1.1.1:2000  b          a                           this node
  *  b     30     2.2.2.2:2000  b                    0.5 s ago  +0 s   uwsgi
    3.3.3.3:2000  never heard
  check web, http: failing since 1970-01-01T00:01:00.000Z (503 Service Unavailable)
  4.4.4.4 points to 2.2.2.2, seen 1970-01-01T00:01:00.000Z
  lord hook cmd (line 7): ok, 0.3 s
`,
  );
});

Deno.test("each part of the table has its style, and its words when there is little to tell", () => {
  const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const style = {
    bold: tag("b"),
    good: tag("good"),
    warning: tag("warning"),
    critical: tag("critical"),
  };
  const check = { kind: "tcp", line: 7, since: 60, runs: 0 } as const;
  const address = {
    wanted: "1.1.1.1",
    provider: "hetzner-robot",
    points_to: null,
    active_server_ip: null,
    seen_by: "",
    taken_over_by: "",
    problem: "",
  };
  const stats = statsOf(legionStats({
    lease_seconds: 8.25,
    members: [memberStats({ clock_skew_seconds: -2, vote: "b", supports: "b" })],
    quorum: 3,
    checks: [
      { ...check, name: "web", state: "passing", output: "" },
      { ...check, name: "db", state: "pending", output: "" },
    ],
    addresses: [
      { ...address, ip: "4.4.4.4", seen: 0 },
      { ...address, ip: "5.5.5.5", seen: 0, problem: "UNAUTHORIZED: wrong" },
      { ...address, ip: "6.6.6.6", seen: 60 },
    ],
    lord_uuid: "",
  }));
  assertEquals(
    statsTable(stats, style),
    `<critical>critical: 6.6.6.6 points nowhere, not here (failover help address-elsewhere)</critical>
<warning>warning: 5.5.5.5: UNAUTHORIZED: wrong (failover help takeover-fails)</warning>
node a, process 7, version 1.2.3, up 61 s

<b>legion failover</b>: this node is <good>the lord</good>
  votes 3, quorum 3, freq 3 s, tolerance 15 s
  guarantee lease, this node's lasts 8.3 s
     NODE  VALOR  ADDRESS       VOTES FOR  SUPPORTS  HEARD      CLOCK  IS
<good>  *  a     20     1.1.1.1:2000             a                           this node</good>
     b     10     2.2.2.2:2000  b          b         0.5 s ago  -2 s   failover
  check web, tcp: passing since 1970-01-01T00:01:00.000Z
<warning>  check db, tcp: pending since 1970-01-01T00:01:00.000Z</warning>
  4.4.4.4: not seen yet
  5.5.5.5: not seen yet (UNAUTHORIZED: wrong)
  6.6.6.6 points nowhere, seen 1970-01-01T00:01:00.000Z
`,
  );
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
