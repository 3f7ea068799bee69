// The alerts and the dashboard that are handed out: they ask only for metrics and labels that exist.
import { assert, assertEquals } from "@std/assert";
import { helpTopics } from "../../lib/base/help_topic.ts";
import { metricsText } from "../../lib/status/metrics.ts";
import { hasCommand } from "../lab/missing.ts";
import { addressStats, legionStats, memberStats, nodeStats, statsOf } from "../status/stats.ts";

const rulesFile = "scripts/monitoring/failover.rules.yml";
const rules = await Deno.readTextFile(rulesFile);
const dashboard = JSON.parse(await Deno.readTextFile("scripts/monitoring/dashboard.json"));

/** The labels of each metric that there is, with those that Prometheus adds itself. */
const known = labelsByName(metricsText(
  statsOf(legionStats({
    memory_trouble: "the disk is full",
    members: [memberStats()],
    roster: [
      nodeStats({ is_this: true, node: "1.1.1.1:2000" }),
      nodeStats({ troubles: [{ kind: "silent", why: "silent", since: 7 }] }),
    ],
    stands_back: [{ kind: "drained", why: "drained", until: 7 }],
    checks: [
      { name: "web", kind: "http", line: 5, state: "passing", since: 1, output: "", runs: 2 },
    ],
    running: [{ event: "lord", action: "cmd", line: 7, since: 7, attempts: 0, last_error: "" }],
    hooks: [{ event: "lord", action: "cmd", line: 7, result: "ok", seconds: 1, time: 7 }],
    takeovers: [{ ip: "4.4.4.4", begun: 1, outcomes: { routed: 1 } }],
    addresses: [addressStats()],
    dropped: { size: { count: 1, last_seconds_ago: 1 } },
  })),
  { startSeconds: 1, residentBytes: 2, cpuSeconds: 3 },
));

function labelsByName(metrics: string): ReadonlyMap<string, ReadonlySet<string>> {
  const samples = metrics.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm);
  return new Map(
    [...samples].map(([, name, labels = ""]) => [
      name,
      new Set(["job", "instance", ...[...labels.matchAll(/(\w+)="/g)].map(([, label]) => label)]),
    ]),
  );
}

/** The parts of an expression that ask for something that does not exist. */
function unknownIn(expression: string): string[] {
  const text = expression.replaceAll(/"[^"]*"/g, '""');
  const names = [...text.matchAll(/\b(failover|process)_\w+/g)].map(([name]) => name);
  const labels = new Set(names.flatMap((name) => [...known.get(name) ?? []]));
  const asked = [
    ...[...text.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list.split(/,\s*/)),
    ...[...text.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*""/g)].map(([, label]) => label),
  ];
  return [
    ...names.filter((name) => !known.has(name)),
    ...names.length === 0 ? [] : asked.filter((label) => !labels.has(label)),
  ];
}

/** The values of all keys of a name, however deep. */
function valuesOf(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...name === key ? [inner] : [],
    ...valuesOf(inner, key),
  ]);
}

/** The expressions of the rules, one line each. */
const alerts = [...rules.matchAll(/^ +expr: (?:>-\n)?((?:.|\n)*?)\n +(?:for|labels):/gm)]
  .map(([, expression]) => expression.replaceAll(/\s+/g, " ").trim());
const queries = [
  ...valuesOf(dashboard, "expr"),
  ...valuesOf(dashboard.templating, "query").filter((query) => typeof query === "string"),
].map(String);

Deno.test("what does not exist is found", () => {
  assertEquals(unknownIn('sum by (legion) (failover_lord{node="a"})'), ["node"]);
  assertEquals(unknownIn("rate(failover_nothing[5m])"), ["failover_nothing"]);
});

Deno.test("the alerts and the dashboard ask for metrics and labels that there are", () => {
  assertEquals([alerts.length, queries.length > 20], [rules.match(/- alert:/g)?.length, true]);
  for (const expression of [...alerts, ...queries]) {
    const labelValues = /^label_values\((\w+), (\w+)\)$/.exec(expression);
    if (labelValues === null) assertEquals(unknownIn(expression), [], expression);
    else assert(known.get(labelValues[1])?.has(labelValues[2]), expression);
  }
});

Deno.test("the panels of the dashboard have each their place", () => {
  const { panels } = dashboard;
  const ids = panels.map(({ id }: { id: number }) => id);
  assertEquals(new Set(ids).size, ids.length);
  const taken = new Set<string>();
  for (const { title, gridPos: { x, y, w, h } } of panels) {
    assert(x + w <= 24, title);
    for (let row = y; row < y + h; row++) {
      for (let column = x; column < x + w; column++) {
        assert(!taken.has(`${row} ${column}`), title);
        taken.add(`${row} ${column}`);
      }
    }
  }
});

Deno.test("the manual lists each metric, with its labels", async () => {
  const manual = await Deno.readTextFile("lib/manual/monitoring.md");
  for (const [name, labels] of known) {
    const short = name.replace(/^failover_/, "");
    assert(RegExp("`" + short + "[`{]").test(manual), name);
    for (const label of labels) {
      const isCommon = ["job", "instance", "legion"].includes(label);
      assert(isCommon || RegExp(`[{,]${label}[,}]`).test(manual), `${name} ${label}`);
    }
  }
});

Deno.test("an alert names topics that there are", () => {
  const named = [...rules.matchAll(/failover help ([a-z-]+)/g)].map(([, topic]) => topic);
  assertEquals(named.filter((topic) => !(helpTopics as readonly string[]).includes(topic)), []);
});

const promtool = await hasCommand("promtool");
if (!promtool) console.log("monitoring_test: no promtool here (Debian: prometheus)");
for (
  const args of [
    ["check", "rules", rulesFile],
    ["test", "rules", "tests/scripts/monitoring_rules.yml"],
  ]
) {
  Deno.test({
    name: `promtool ${args[0]} rules finds nothing to say`,
    ignore: !promtool,
    async fn() {
      const { code, stdout, stderr } = await new Deno.Command("promtool", { args }).output();
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assertEquals(code, 0, said);
    },
  });
}
