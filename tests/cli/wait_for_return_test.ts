import { assertEquals } from "@std/assert";
import { waitForReturn } from "../../lib/cli/_wait_for_return.ts";
import { NoNode } from "../../lib/node/control_client.ts";
import type { LegionStats, Stats } from "../../lib/status/report.ts";
import { legionStats, statsOf } from "../status/stats.ts";

const follower: Partial<LegionStats> = { state: "follower", supports: "b", lords: ["b"] };

/** The answers of a node, one after the other; the last stays. Undefined: no node answers. */
async function returned(
  before: readonly LegionStats[],
  answers: readonly (Stats | undefined)[],
  timeoutMs = 20_000,
) {
  const left = [...answers];
  const told: string[] = [];
  const returns = await waitForReturn({
    ask() {
      const answer = left.length > 1 ? left.shift() : left[0];
      return answer === undefined ? Promise.reject(new NoNode("gone")) : Promise.resolve(answer);
    },
    before: statsOf(...before),
    askedMs: performance.now() - 1,
    timeoutMs,
    tell: (what) => void told.push(what),
  });
  return { told, returns: returns.map(({ kind, what }) => `${kind}: ${what}`) };
}

/** The stats of the next process. */
function next(...legions: LegionStats[]): Stats {
  return { ...statsOf(...legions), uptime_seconds: 0 };
}

const lord = legionStats();
const voter = legionStats(follower);

Deno.test("a lord is back once it is lord again, and not while the old process answers", async () => {
  const takesOver = legionStats({ state: "taking over", lords: [], why_not_lord: "its hooks run" });
  const answers = [statsOf(lord), undefined, next(takesOver), next(lord)];
  assertEquals(await returned([lord], answers), {
    returns: ["same: lord of failover again"],
    told: [
      "nothing has started the node again",
      "nothing has started the node again",
      "failover: this node is not lord again: its hooks run",
    ],
  });
});

const outcomes: [
  what: string,
  was: Partial<LegionStats>,
  is: Partial<LegionStats>,
  outcome: string,
][] = [
  ["a lord lost the title", {}, follower, "lost: b has become lord of failover"],
  [
    "a lord sees no lord yet",
    {},
    { ...follower, lords: [], why_not_lord: "it waits" },
    "missing: " +
    "failover: this node is not lord again: it waits",
  ],
  [
    "a lord claims beside another",
    {},
    { state: "taking over", lords: ["b"], why_not_lord: "its hooks run" },
    "missing: failover: this node is not lord again: its hooks run",
  ],
  ["one that took over is lord", { state: "taking over" }, {}, "same: lord of failover again"],
  ["a follower follows again", follower, follower, "same: follower in failover again"],
  [
    "a follower listens",
    follower,
    { state: "listening", why_not_lord: "it listens" },
    "missing: failover: it listens",
  ],
  [
    "a follower supports nobody yet",
    follower,
    { ...follower, supports: "", why_not_lord: "it supports nobody for 2 s more" },
    "missing: failover: it supports nobody for 2 s more",
  ],
  [
    "one that goes by uWSGI's rule supports nobody",
    { ...follower, supports: "" },
    { ...follower, supports: "" },
    "same: follower in failover again",
  ],
  ["a follower is elected", follower, {}, "same: lord of failover"],
  [
    "one that listened",
    { state: "listening" },
    { state: "listening" },
    "same: listening in failover again",
  ],
  [
    "a follower under another uuid",
    follower,
    { ...follower, uuid: "x" },
    "new: follower in failover again",
  ],
];
for (const [what, was, is, outcome] of outcomes) {
  Deno.test(`${what}: ${outcome}`, async () => {
    const { returns } = await returned([legionStats(was)], [next(legionStats(is))], 0);
    assertEquals(returns, [outcome]);
  });
}

Deno.test("each legion is waited for, and one that is no longer configured is told", async () => {
  const before = ["one", "two", "three"].map((legion) => legionStats({ legion }));
  const [one, two] = before;
  const three = { ...legionStats(follower), legion: "three" };
  const { returns } = await returned(before, [next(one, three), next(one, two, three)]);
  assertEquals(returns, [
    "same: lord of one again",
    "gone: two is no longer in the configuration",
    "lost: b has become lord of three",
  ]);
});

Deno.test("no node answers in time", async () => {
  assertEquals((await returned([voter], [undefined], 0)).returns, [
    "missing: nothing has started the node again",
  ]);
});
