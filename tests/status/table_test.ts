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
      { ip: "4.4.4.4", wanted: "1.1.1.1", active_server_ip: "2.2.2.2", seen: 60, problem: "" },
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
    `warning: 3.3.3.3:2000 has never been heard
warning: the quorum is just met: one less, and no lord
warning: guarantee none (b is a uWSGI node): when nodes lose sight of each other, two may be lord at once
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
