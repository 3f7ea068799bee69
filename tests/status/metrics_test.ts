import { assertEquals, assertStringIncludes } from "@std/assert";
import { metricsText } from "../../lib/status/metrics.ts";
import type { LegionStats } from "../../lib/status/report.ts";
import { legionStats, memberStats, statsOf } from "./stats.ts";

const full = statsOf(legionStats({
  members: [memberStats({ name: 'evil"\\\n', clock_skew_seconds: -2 })],
  hooks: [{ event: "lord", action: "cmd", line: 7, result: "failed: x", seconds: 1.5, time: 7 }],
  addresses: [
    { ip: "4.4.4.4", wanted: "1.1.1.1", active_server_ip: "1.1.1.1", seen: 7, problem: "" },
  ],
  checks: [
    { name: "web", kind: "http", line: 5, state: "passing", since: 1, output: "200 OK", runs: 2 },
    { name: "db", kind: "tcp", line: 6, state: "pending", since: 1, output: "", runs: 0 },
  ],
  unfit_why: "check db has not passed yet",
  dropped: { size: { count: 3, last_seconds_ago: 1 } },
}));

async function hasPromtool(): Promise<boolean> {
  const command = new Deno.Command("promtool", {
    args: ["--version"],
    stdout: "null",
    stderr: "null",
  });
  return await command.output().then(({ success }) => success, () => false);
}
const promtool = await hasPromtool();
if (!promtool) console.log("metrics_test: skipped, there is no promtool here (Debian: prometheus)");

Deno.test("each metric has its HELP and TYPE, and a value for each legion", () => {
  const text = metricsText(full);
  assertStringIncludes(
    text,
    "# HELP failover_lord 1 when this node is the lord.\n# TYPE failover_lord gauge\n" +
      'failover_lord{legion="failover"} 1\n',
  );
  assertStringIncludes(
    text,
    'failover_datagrams_dropped_total{legion="failover",reason="size"} 3\n',
  );
  assertStringIncludes(text, 'failover_address_here{legion="failover",ip="4.4.4.4"} 1\n');
  assertStringIncludes(text, 'failover_findings{level="warning"} 4\n');
  assertStringIncludes(text, 'failover_fit{legion="failover"} 0\n');
  assertStringIncludes(text, 'failover_drained{legion="failover"} 0\n');
  assertStringIncludes(text, 'failover_held_back{legion="failover"} 0\n');
  assertStringIncludes(
    text,
    'failover_check_up{legion="failover",check="web",kind="http"} 1\n' +
      'failover_check_up{legion="failover",check="db",kind="tcp"} 0\n',
  );
});

Deno.test("when a drain and holding back end is told where they do by themselves", () => {
  const untils = (changed: Partial<LegionStats>) =>
    metricsText(statsOf(legionStats(changed))).match(/^failover_\w+_until_.* \d+$/gm) ?? [];
  assertEquals(untils({}), []);
  assertEquals(untils({ drained: { by: "eve", since: 7, until: 0 }, holds_back: true }), []);
  assertEquals(untils({ drained: { by: "eve", since: 7, until: 67 } }), [
    'failover_drained_until_timestamp_seconds{legion="failover"} 67',
  ]);
  assertEquals(untils({ holds_back: true, holds_back_until: 77 }), [
    'failover_held_back_until_timestamp_seconds{legion="failover"} 77',
  ]);
});

Deno.test("a name can break neither its label nor its line", () => {
  const lines = metricsText(full).split("\n");
  const line = lines.find((line) => line.startsWith("failover_member_clock_skew_seconds{"))!;
  assertEquals(line.includes('member="evil\\"\\\\\\n"'), true, line);
  assertEquals(line.endsWith("} -2"), true);
});

Deno.test({
  name: "promtool finds nothing to say",
  ignore: !promtool,
  async fn() {
    const child = new Deno.Command("promtool", {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(metricsText(full)));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals([code, said], [0, ""]);
  },
});
