import { assertEquals } from "@std/assert";
import type { LegionStats } from "../../lib/status/report.ts";
import { verdictOf, verdictWithout } from "../../lib/status/verdict.ts";
import { legionStats, statsOf } from "./stats.ts";

Deno.test("OK: who is lord, how many are up, and the figures", () => {
  assertEquals(verdictOf(statsOf(legionStats())), {
    exitStatus: 0,
    line: "FAILOVER OK - failover: this node is the lord, 3 of 3 nodes up | " +
      "lord=1 members=2 votes=3 quorum=2 lordless=0.0s dropped=0c up=3 transitions=1c",
  });
});

Deno.test("the figures tell all that was dropped, and how long there is no lord", () => {
  const { line } = verdictOf(statsOf(legionStats({
    state: "follower",
    lords: [],
    lordless_seconds: 1.25,
    votes: 1,
    dropped: {
      size: { count: 3, last_seconds_ago: 700 },
      forged: { count: 4, last_seconds_ago: 700 },
    },
  })));
  assertEquals(
    line.split(" | ")[1],
    "lord=0 members=2 votes=1 quorum=2 lordless=1.3s dropped=7c up=3 transitions=1c",
  );
});

Deno.test("the figures of several legions have labels of their own, which need no quotes", () => {
  const names = ["web", "it's=a|b c", "it's_a|b c"];
  const { line } = verdictOf(statsOf(...names.map((legion) => legionStats({ legion }))));
  const [, data] = line.split(" | ");
  const labels = data.split(" ").map((figure) => {
    assertEquals(/^[^\s'"=|;]+=\d+(\.\d)?[sc]?$/.test(figure), true, figure);
    return figure.split("=")[0];
  });
  assertEquals(labels.length, 24);
  assertEquals(new Set(labels).size, 24);
  assertEquals(labels[0], "web_lord");
  assertEquals(labels[8], "it%27s%3da%7cb%20c_lord");
});

Deno.test("no text can pass for performance data, or for a second line", () => {
  const { line } = verdictWithout("CRITICAL", "no|such\nnode");
  assertEquals(line, "FAILOVER CRITICAL - no/such\\u000anode (failover help no-answer)");
  assertEquals(verdictWithout("UNKNOWN", "").exitStatus, 3);
});

Deno.test("who is lord is told where all is well, and calmly that this node holds back", () => {
  const said = (changed: Partial<LegionStats>) => {
    const { line } = verdictOf(statsOf(legionStats({ state: "follower", ...changed })));
    return line.split(" | ")[0];
  };
  assertEquals(said({ lords: ["b"] }), "FAILOVER OK - failover: the lord is b, 3 of 3 nodes up");
  assertEquals(
    said({ lords: ["b"], roster: [] }),
    "FAILOVER OK - failover: the lord is b, 3 present",
  );
  const why = "it holds back as an arbiter";
  assertEquals(
    said({
      state: "stands back",
      lords: ["b"],
      stands_back: [{ kind: "holding back", why, until: 0 }],
      why_not_lord: why,
    }),
    `FAILOVER OK - failover: the lord is b, 3 of 3 nodes up (this node: ${why})`,
  );
});
