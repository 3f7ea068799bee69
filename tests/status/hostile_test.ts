// Peers, hooks, checks and the API write the texts in the stats: none of them reaches a person as it is.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { Stats } from "../../lib/status/report.ts";
import { verdictOf, verdictWithout } from "../../lib/status/verdict.ts";
import { metricsText } from "../../lib/status/metrics.ts";
import { respond, statsDocument } from "../../lib/status/routes.ts";
import { statsTable } from "../../lib/status/table.ts";
import { harmIn, hostileName, hostileText, shownName } from "../lab/hostile_text.ts";
import { addressStats, legionStats, memberStats, nodeStats, statsOf } from "./stats.ts";

/** Stats in which all that may come from others is this text. */
function allFrom(text: string, legion = legionStats()): Stats {
  const peer = memberStats({ name: text, uuid: text, vote: text, supports: text });
  return {
    ...statsOf({
      ...legion,
      legion: text,
      name: text,
      why_not_lord: text,
      stands_back: [{ kind: "unfit", why: text, until: 7 }],
      drained: { by: text, since: 7, until: 0 },
      members: [peer, { ...peer, clock_skew_seconds: 50 }],
      lords: [text, text],
      elected: text,
      supports: text,
      guarantee: "none",
      guarantee_why: text,
      never_heard: [text],
      roster: [
        ...legion.roster,
        nodeStats({
          node: text,
          name: text,
          version: text,
          hears: [text],
          troubles: [{ kind: "clock off", why: text, since: 7 }],
        }),
      ],
      reigns: [{ lord: text, since: 7 }],
      running: [
        { event: text, action: text, line: 7, since: 7, attempts: 2, last_error: text },
      ],
      takeovers: [{ ip: text, begun: 1, outcomes: { [text]: 1 } }],
      checks: [
        { name: text, kind: "cmd", line: 7, state: "failing", since: 60, output: text, runs: 9 },
      ],
      hooks: [{ event: "lord", action: "cmd", line: 7, result: text, seconds: 1, time: 7 }],
      addresses: [
        addressStats({
          ip: text,
          wanted: text,
          points_to: `${text}2`,
          seen: 60,
          seen_by: text,
          taken_over_by: text,
          problem: text,
        }),
        addressStats({ ip: text, wanted: text, points_to: null, seen: 0, problem: text }),
      ],
      events: [{ time: 7, level: "info", message: text }],
    }),
    name: text,
    version: text,
  };
}

const exits: [what: string, (stats: Stats) => string][] = [
  ["the table", (stats) => statsTable(stats)],
  ["the verdict", (stats) => verdictOf(stats).line],
  ["/healthz", (stats) => {
    const request = { method: "GET", path: "/healthz", accept: "", host: "" };
    return respond(request, () => stats, false).body;
  }],
  ["metrics", metricsText],
  ["the document", statsDocument],
];
for (const [what, shown] of exits) {
  Deno.test(`${what}: no text from others holds what could do harm, or begins a line`, () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom("lord", "stands back"), (text, state) => {
        const legion = legionStats({ state });
        const told = shown(allFrom(`x${text}`, legion));
        assertEquals(harmIn(told.replaceAll("\n", "")), []);
        const lines = (text: string) => text.split("\n").length;
        assertEquals(lines(told), lines(shown(allFrom("x", legion))));
      }),
    );
  });
}

Deno.test("what could do harm is shown as escapes, so that it can be told what came", () => {
  const stats = allFrom(hostileName);
  assertStringIncludes(statsTable(stats), `\nnode ${shownName}, process 7`);
  assertStringIncludes(verdictOf(stats).line, `${shownName} (${shownName}): ${shownName}`);
  assertStringIncludes(metricsText(stats), `member="${shownName.replaceAll("\\", "\\\\")}"`);
  assertEquals(
    verdictWithout("CRITICAL", hostileName).line,
    `FAILOVER CRITICAL - ${shownName} (failover help no-answer)`,
  );
});

Deno.test("the document is the same data for a program", () => {
  fc.assert(fc.property(hostileText, (text) => {
    const stats = allFrom(text);
    const { verdict: _1, findings: _2, schema: _3, ...told } = JSON.parse(statsDocument(stats));
    assertEquals(told, stats);
  }));
});

Deno.test("the page goes by the same characters as all the rest", async () => {
  const of = async (path: string) => {
    const text = await Deno.readTextFile(new URL(`../../lib/${path}`, import.meta.url));
    return /const unprintable = (.*);/.exec(text)?.[1];
  };
  assertEquals(await of("status/page/describe.js"), await of("base/printable.ts"));
  assertMatch(await of("status/page/describe.js") ?? "", /^\/\[.*\]\/gu$/);
});
