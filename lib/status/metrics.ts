import { printable } from "../base/printable.ts";
import { findings } from "./findings.ts";
import { type LegionStats, standBackKinds, type Stats } from "./report.ts";

type Labels = Record<string, string | number>;
type Sample = readonly [labels: Labels, value: number];

interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Writes the stats for Prometheus: text format 0.0.4, names by its conventions. */
export function metricsText(stats: Stats): string {
  return metricsOf(stats).filter(({ samples }) => samples.length > 0).map(metricText).join("");
}

function metricsOf(stats: Stats): Metric[] {
  const { legions, version, name, uptime_seconds } = stats;
  const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => {
    return { name: `failover_${name}`, type: "gauge", help, samples };
  };
  const each = (name: string, help: string, value: (legion: LegionStats) => number) =>
    gauge(name, help, legions.map((legion) => [{ legion: legion.legion }, value(legion)]));
  const every = <T>(
    name: string,
    help: string,
    of: (legion: LegionStats) => readonly T[],
    sample: (one: T) => Sample,
  ) =>
    gauge(
      name,
      help,
      legions.flatMap((legion) =>
        of(legion).map((one): Sample => {
          const [labels, value] = sample(one);
          return [{ legion: legion.legion, ...labels }, value];
        })
      ),
    );
  const found = findings(stats);
  const count = (level: string): Sample => [
    { level },
    found.filter((finding) => finding.level === level).length,
  ];
  return [
    gauge("info", "The program and the name of the node.", [[{ version, name }, 1]]),
    gauge("uptime_seconds", "Seconds since the node was started.", [[{}, uptime_seconds]]),
    gauge("findings", "Findings of failover status, by level.", [
      count("critical"),
      count("warning"),
    ]),
    each("lord", "1 when this node is the lord.", ({ state }) => Number(state === "lord")),
    each("lords", "Nodes that say that they are lord.", ({ lords }) => lords.length),
    each("lordless_seconds", "Seconds without a lord.", (l) => l.lordless_seconds),
    each("members", "Other nodes that are heard.", ({ members }) => members.length),
    each("votes", "Votes for the candidate of this node.", ({ votes }) => votes),
    each("present", "Nodes present that can vote, this one counted in.", ({ present }) => present),
    each(
      "guarantee",
      "1 when a lease keeps two nodes from being lord.",
      ({ guarantee }) => Number(guarantee === "lease"),
    ),
    each(
      "lease_seconds",
      "How long the lease of this node lasts unless it is renewed.",
      (l) => l.lease_seconds,
    ),
    each(
      "memory",
      "1 when the node keeps all that its next process must know.",
      ({ memory_trouble }) => Number(memory_trouble === ""),
    ),
    each("quorum", "Votes needed for a lord.", ({ quorum }) => quorum),
    every(
      "stands_back",
      "1 for each reason why the node stands back.",
      ({ stands_back }) =>
        standBackKinds.map((kind) => ({ kind, is: stands_back.some((one) => one.kind === kind) })),
      ({ kind, is }) => [{ kind }, Number(is)],
    ),
    every(
      "stands_back_until_timestamp_seconds",
      "When a reason to stand back ends by itself.",
      (l) => l.stands_back.filter(({ until }) => until > 0),
      ({ kind, until }) => [{ kind }, until],
    ),
    every("check_up", "1 when a check of the service passes.", (l) => l.checks, (check) => [
      { check: check.name, kind: check.kind },
      Number(check.state === "passing"),
    ]),
    each("nodes_never_heard", "Configured nodes not heard yet.", (l) => l.never_heard.length),
    every("member_silence_seconds", "Silence of a member.", (l) => l.members, (member) => [
      { member: member.name, uuid: member.uuid },
      member.heard_seconds_ago,
    ]),
    every("member_clock_skew_seconds", "Lead of a member's clock.", (l) => l.members, (m) => [
      { member: m.name, uuid: m.uuid },
      m.clock_skew_seconds,
    ]),
    every("hook_ok", "1 when a hook ended well the last time.", (l) => l.hooks, (hook) => [
      { event: hook.event, action: hook.action, line: hook.line },
      Number(hook.result === "ok"),
    ]),
    every("hook_duration_seconds", "How long a hook took last.", (l) => l.hooks, (hook) => [
      { event: hook.event, action: hook.action, line: hook.line },
      hook.seconds,
    ]),
    every("address_here", "1 when an address points to this node.", (l) => l.addresses, (a) => [
      { ip: a.ip, provider: a.provider },
      Number(a.points_to === a.wanted),
    ]),
    every(
      "address_seen_timestamp_seconds",
      "When the target of an address was last seen.",
      (l) => l.addresses,
      ({ ip, provider, seen }) => [{ ip, provider }, seen],
    ),
    {
      name: "failover_datagrams_dropped_total",
      type: "counter",
      help: "Datagrams that were dropped, by reason.",
      samples: legions.flatMap(({ legion, dropped }) =>
        Object.entries(dropped).map(([reason, { count }]): Sample => [{ legion, reason }, count])
      ),
    },
  ];
}

function metricText({ name, type, help, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(`${value}`)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return printable(value).replace(/[\\"]/g, "\\$&");
}
