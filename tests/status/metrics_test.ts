import { assertEquals } from "@std/assert";
import { metricsText } from "../../lib/status/metrics.ts";
import { hasCommand } from "../lab/missing.ts";
import { legionStats, memberStats, nodeStats, statsOf } from "./stats.ts";

const own = nodeStats({ node: "1.1.1.1:2000", name: "a", role: "lord", is_this: true });
const usage = { startSeconds: 21, residentBytes: 22, cpuSeconds: 0.5 };

// The lord of one legion, standing back in two others: no two metrics are the same.
const full = statsOf(
  legionStats({
    members: [
      memberStats({
        name: 'evil"\\\n',
        uuid: "U-1",
        heard_seconds_ago: 0.25,
        clock_skew_seconds: -2,
      }),
      // A second one at the same address, not heard for longer: as while a node is started anew.
      memberStats({ name: 'evil"\\\n', uuid: "U-4", heard_seconds_ago: 2 }),
    ],
    roster: [
      nodeStats({ ...own, hears: ["1.1.1.1:2000", "2.2.2.2:2000"] }),
      nodeStats({ name: 'evil"\\\n', role: "lord", hears: ["2.2.2.2:2000", "3.3.3.3:2000"] }),
      nodeStats({
        node: "3.3.3.3:2000",
        name: 'evil"\\\n',
        role: "unknown",
        last_heard: 0,
        hears: null,
        version: "",
        kind: "",
        troubles: [
          { kind: "never heard", why: "never heard", since: 0 },
          { kind: "same valor", why: "the same valor", since: 0 },
        ],
      }),
    ],
    voters_up: 6,
    transitions: 8,
    reigns: [{ lord: "b", since: 7 }, { lord: "a", since: 11 }],
    running: [
      { event: "lord", action: "cmd", line: 7, since: 12, attempts: 2, last_error: "" },
      { event: "lord", action: "cmd", line: 8, since: 13, attempts: 3, last_error: "" },
    ],
    takeovers: [{ ip: "4.4.4.4", begun: 14, outcomes: { routed: 15, "try later": 16 } }],
    votes: 4,
    quorum: 5,
    lords: ["a", "evil", "third"],
    lease_seconds: 9.5,
    never_heard: ["3.3.3.3:2000", "4.4.4.4:2000"],
    hooks: [
      { event: "lord", action: "cmd", line: 7, result: "failed: x", seconds: 1.5, time: 7 },
      { event: "lord", action: "cmd", line: 9, result: "ok", seconds: 2.5, time: 7 },
      { event: "setup", action: "log", line: 8, result: "ok", seconds: 0.125, time: 7 },
    ],
    addresses: [
      {
        ip: "4.4.4.4",
        wanted: "1.1.1.1",
        provider: "hetzner-robot",
        points_to: "1.1.1.1",
        active_server_ip: "1.1.1.1",
        seen: 71,
        seen_by: "",
        taken_over_by: "",
        problem: "",
      },
      {
        ip: "5.5.5.5",
        wanted: "1.1.1.1",
        provider: "hetzner-robot",
        points_to: "2.2.2.2",
        active_server_ip: "2.2.2.2",
        seen: 72,
        seen_by: "",
        taken_over_by: "",
        problem: "",
      },
      {
        ip: "6.6.6.6",
        wanted: "1.1.1.1",
        provider: "hetzner-robot",
        points_to: null,
        active_server_ip: null,
        seen: 0,
        seen_by: "",
        taken_over_by: "",
        problem: "",
      },
    ],
    dropped: {
      size: { count: 31, last_seconds_ago: 1 },
      forged: { count: 32, last_seconds_ago: 9_000 },
    },
  }),
  legionStats({
    legion: "votes",
    memory_trouble: "notes for a restart cannot be kept: the disk is full",
    state: "stands back",
    why_not_lord: "a lord hook failed",
    guarantee: "none",
    members: [],
    roster: [],
    voters_up: 0,
    reigns: [{ lord: "a", since: 7 }, { lord: "", since: 17 }],
    votes: 0,
    quorum: 1,
    lords: [],
    lordless_seconds: 12.5,
    stands_back: [{ kind: "hook failed", why: "a lord hook failed", until: 77 }],
  }),
  legionStats({
    legion: "down",
    state: "stands back",
    members: [memberStats({ uuid: "U-2" }), memberStats({ name: "c", uuid: "U-3" })],
    roster: [],
    reigns: [],
    stands_back: [
      { kind: "unfit", why: "check db has not passed yet", until: 0 },
      { kind: "unfit", why: "check disk fails", until: 0 },
      { kind: "drained", why: "drained by eve", until: 67 },
    ],
    checks: [
      { name: "web", kind: "http", line: 5, state: "passing", since: 1, output: "200", runs: 2 },
      { name: "db", kind: "tcp", line: 6, state: "pending", since: 1, output: "", runs: 0 },
      { name: "disk", kind: "cmd", line: 7, state: "failing", since: 1, output: "", runs: 3 },
    ],
  }),
);

const promtool = await hasCommand("promtool");
if (!promtool) console.log("metrics_test: skipped, there is no promtool here (Debian: prometheus)");

const samples = `\
failover_info{version="1.2.3",name="a"} 1
failover_uptime_seconds 61
failover_findings{level="critical"} 2
failover_findings{level="warning"} 8
failover_finding{level="critical",topic="two-lords"} 1
failover_finding{level="critical",topic="address-elsewhere"} 1
failover_finding{level="warning",topic="node-silent"} 1
failover_finding{level="warning",topic="hook-failed"} 3
failover_finding{level="warning",topic="secret"} 1
failover_finding{level="warning",topic="no-guarantee"} 1
failover_finding{level="warning",topic="memory"} 1
failover_finding{level="warning",topic="check-fails"} 1
process_start_time_seconds 21
process_resident_memory_bytes 22
process_cpu_seconds_total 0.5
failover_lord{legion="failover"} 1
failover_lord{legion="votes"} 0
failover_lord{legion="down"} 0
failover_lords{legion="failover"} 3
failover_lords{legion="votes"} 0
failover_lords{legion="down"} 1
failover_lordless_seconds{legion="failover"} 0
failover_lordless_seconds{legion="votes"} 12.5
failover_lordless_seconds{legion="down"} 0
failover_lord_since_timestamp_seconds{legion="failover"} 11
failover_transitions_total{legion="failover"} 8
failover_transitions_total{legion="votes"} 1
failover_transitions_total{legion="down"} 1
failover_members{legion="failover"} 2
failover_members{legion="votes"} 0
failover_members{legion="down"} 2
failover_votes{legion="failover"} 4
failover_votes{legion="votes"} 0
failover_votes{legion="down"} 3
failover_present{legion="failover"} 3
failover_present{legion="votes"} 1
failover_present{legion="down"} 3
failover_voters_up{legion="failover"} 6
failover_voters_up{legion="votes"} 0
failover_voters_up{legion="down"} 3
failover_nodes_listed{legion="failover"} 3
failover_nodes_listed{legion="votes"} 0
failover_nodes_listed{legion="down"} 0
failover_guarantee{legion="failover"} 1
failover_guarantee{legion="votes"} 0
failover_guarantee{legion="down"} 1
failover_lease_seconds{legion="failover"} 9.5
failover_lease_seconds{legion="votes"} 0
failover_lease_seconds{legion="down"} 0
failover_memory{legion="failover"} 1
failover_memory{legion="votes"} 0
failover_memory{legion="down"} 1
failover_quorum{legion="failover"} 5
failover_quorum{legion="votes"} 1
failover_quorum{legion="down"} 2
failover_stands_back{legion="failover",kind="no address"} 0
failover_stands_back{legion="failover",kind="unfit"} 0
failover_stands_back{legion="failover",kind="not leader"} 0
failover_stands_back{legion="failover",kind="drained"} 0
failover_stands_back{legion="failover",kind="refused"} 0
failover_stands_back{legion="failover",kind="hook failed"} 0
failover_stands_back{legion="failover",kind="flapping"} 0
failover_stands_back{legion="failover",kind="holding back"} 0
failover_stands_back{legion="votes",kind="no address"} 0
failover_stands_back{legion="votes",kind="unfit"} 0
failover_stands_back{legion="votes",kind="not leader"} 0
failover_stands_back{legion="votes",kind="drained"} 0
failover_stands_back{legion="votes",kind="refused"} 0
failover_stands_back{legion="votes",kind="hook failed"} 1
failover_stands_back{legion="votes",kind="flapping"} 0
failover_stands_back{legion="votes",kind="holding back"} 0
failover_stands_back{legion="down",kind="no address"} 0
failover_stands_back{legion="down",kind="unfit"} 1
failover_stands_back{legion="down",kind="not leader"} 0
failover_stands_back{legion="down",kind="drained"} 1
failover_stands_back{legion="down",kind="refused"} 0
failover_stands_back{legion="down",kind="hook failed"} 0
failover_stands_back{legion="down",kind="flapping"} 0
failover_stands_back{legion="down",kind="holding back"} 0
failover_stands_back_until_timestamp_seconds{legion="votes",kind="hook failed"} 77
failover_stands_back_until_timestamp_seconds{legion="down",kind="drained"} 67
failover_check_up{legion="down",check="web",kind="http"} 1
failover_check_up{legion="down",check="db",kind="tcp"} 0
failover_check_up{legion="down",check="disk",kind="cmd"} 0
failover_nodes_never_heard{legion="failover"} 2
failover_nodes_never_heard{legion="votes"} 0
failover_nodes_never_heard{legion="down"} 0
failover_datagrams_dropped_total{legion="failover",reason="size"} 31
failover_datagrams_dropped_total{legion="failover",reason="forged"} 32
failover_node_info{legion="failover",node="1.1.1.1:2000",name="a",version="1.2.3",kind="failover"} 1
failover_node_info{legion="failover",node="2.2.2.2:2000",name="evil\\"\\\\\\\\u000a",version="1.2.3",kind="failover"} 1
failover_node_info{legion="failover",node="3.3.3.3:2000",name="evil\\"\\\\\\\\u000a",version="",kind=""} 1
failover_node_up{legion="failover",node="1.1.1.1:2000"} 1
failover_node_up{legion="failover",node="2.2.2.2:2000"} 1
failover_node_up{legion="failover",node="3.3.3.3:2000"} 0
failover_node_well{legion="failover",node="1.1.1.1:2000"} 1
failover_node_well{legion="failover",node="2.2.2.2:2000"} 1
failover_node_well{legion="failover",node="3.3.3.3:2000"} 0
failover_node_trouble{legion="failover",node="3.3.3.3:2000",kind="never heard"} 1
failover_node_trouble{legion="failover",node="3.3.3.3:2000",kind="same valor"} 1
failover_node_lord{legion="failover",node="1.1.1.1:2000"} 1
failover_node_lord{legion="failover",node="2.2.2.2:2000"} 1
failover_node_lord{legion="failover",node="3.3.3.3:2000"} 0
failover_node_last_heard_timestamp_seconds{legion="failover",node="2.2.2.2:2000"} 7
failover_node_hears{legion="failover",node="1.1.1.1:2000",heard="2.2.2.2:2000"} 1
failover_node_hears{legion="failover",node="1.1.1.1:2000",heard="3.3.3.3:2000"} 0
failover_node_hears{legion="failover",node="2.2.2.2:2000",heard="1.1.1.1:2000"} 0
failover_node_hears{legion="failover",node="2.2.2.2:2000",heard="3.3.3.3:2000"} 1
failover_member_silence_seconds{legion="failover",member="evil\\"\\\\\\\\u000a",node="2.2.2.2:2000"} 0.25
failover_member_silence_seconds{legion="down",member="b",node="2.2.2.2:2000"} 0.5
failover_member_silence_seconds{legion="down",member="c",node="2.2.2.2:2000"} 0.5
failover_member_clock_skew_seconds{legion="failover",member="evil\\"\\\\\\\\u000a",node="2.2.2.2:2000"} -2
failover_member_clock_skew_seconds{legion="down",member="b",node="2.2.2.2:2000"} 0
failover_member_clock_skew_seconds{legion="down",member="c",node="2.2.2.2:2000"} 0
failover_hook_ok{legion="failover",event="lord",action="cmd"} 0
failover_hook_ok{legion="failover",event="setup",action="log"} 1
failover_hook_duration_seconds{legion="failover",event="lord",action="cmd"} 2.5
failover_hook_duration_seconds{legion="failover",event="setup",action="log"} 0.125
failover_hook_running_since_timestamp_seconds{legion="failover",event="lord",action="cmd"} 12
failover_hook_attempts{legion="failover",event="lord",action="cmd"} 3
failover_address_here{legion="failover",ip="4.4.4.4",provider="hetzner-robot"} 1
failover_address_here{legion="failover",ip="5.5.5.5",provider="hetzner-robot"} 0
failover_address_here{legion="failover",ip="6.6.6.6",provider="hetzner-robot"} 0
failover_address_seen_timestamp_seconds{legion="failover",ip="4.4.4.4",provider="hetzner-robot"} 71
failover_address_seen_timestamp_seconds{legion="failover",ip="5.5.5.5",provider="hetzner-robot"} 72
failover_address_seen_timestamp_seconds{legion="failover",ip="6.6.6.6",provider="hetzner-robot"} 0
failover_takeovers_begun_total{legion="failover",ip="4.4.4.4"} 14
failover_takeovers_ended_total{legion="failover",ip="4.4.4.4",outcome="routed"} 15
failover_takeovers_ended_total{legion="failover",ip="4.4.4.4",outcome="try later"} 16
`;

Deno.test("each figure of the stats has its metric, legion by legion; no name breaks a line", () => {
  assertEquals(metricsText(full, usage).replace(/^#.*\n/gm, ""), samples);
});

Deno.test("each metric has its HELP and TYPE before its samples, and is left out without any", () => {
  const text = metricsText(full, usage);
  const blocks =
    /^# HELP ((?:failover|process)_\w+) .+\n# TYPE \1 (gauge|counter)\n(\1[{ ].*\n)+/gm;
  assertEquals(text.replace(blocks, ""), "");
  const counters = [...text.matchAll(blocks)].filter(([, , type]) => type === "counter");
  const counted = counters.map(([, name]) => name);
  assertEquals(counted.sort(), [
    "failover_datagrams_dropped_total",
    "failover_takeovers_begun_total",
    "failover_takeovers_ended_total",
    "failover_transitions_total",
    "process_cpu_seconds_total",
  ]);
  assertEquals(metricsText(statsOf(legionStats())).includes("failover_check_up"), false);
});

Deno.test("no label changes with a restart or when a line of the configuration moves", () => {
  const further = <T extends { readonly line: number }>(one: T) => ({ ...one, line: one.line + 3 });
  const moved = {
    ...full,
    legions: full.legions.map((legion) => ({
      ...legion,
      uuid: "other",
      members: legion.members.map((member) => ({ ...member, uuid: `${member.uuid}2` })),
      hooks: legion.hooks.map(further),
      running: legion.running.map(further),
      checks: legion.checks.map(further),
    })),
  };
  assertEquals(metricsText(moved, usage), metricsText(full, usage));
});

Deno.test("no two samples have the same name and labels", () => {
  const lines = metricsText(full, usage).split("\n").filter((line) => !line.startsWith("#"));
  const keys = lines.map((line) => line.slice(0, line.lastIndexOf(" ")));
  assertEquals(keys.length, new Set(keys).size);
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
    await writer.write(new TextEncoder().encode(metricsText(full, usage)));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals([code, said], [0, ""]);
  },
});
