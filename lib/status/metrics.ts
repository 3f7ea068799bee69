import { standBackKinds } from "../base/stand_back_kind.ts";
import { findings } from "./findings.ts";
import { counter, every, gauge, type Metric, metricLines, type Sample } from "./_metric.ts";
import { nodeMetrics } from "./_node_metrics.ts";
import type { ProcessUsage } from "./process_usage.ts";
import type { LegionStats, Stats } from "./report.ts";

/**
 * Writes the stats for Prometheus: names by its conventions, and no label that changes with a
 * restart or when a line of the configuration moves.
 *
 * @param usage undefined: nothing is told of the process
 */
export function metricsText(stats: Stats, usage?: ProcessUsage): string {
  const { legions } = stats;
  return metricLines([
    ...overall(stats),
    ...usage === undefined ? [] : processMetrics(usage),
    ...legionMetrics(legions),
    ...nodeMetrics(legions),
    ...hookMetrics(legions),
    ...addressMetrics(legions),
  ]);
}

function overall(stats: Stats): Metric[] {
  const { version, name, uptime_seconds } = stats;
  const found = findings(stats);
  const count = (level: string): Sample => [
    { level },
    found.filter((finding) => finding.level === level).length,
  ];
  const topics = Map.groupBy(found, ({ level, topic }) => `${level} ${topic}`);
  return [
    gauge("info", "The program and the name of the node.", [[{ version, name }, 1]]),
    gauge("uptime_seconds", "Seconds since the node was started.", [[{}, uptime_seconds]]),
    gauge("findings", "Findings of failover status, by level.", [
      count("critical"),
      count("warning"),
    ]),
    gauge(
      "finding",
      "Findings that there are, by topic: failover help TOPIC says what to do.",
      [...topics.values()].map((same): Sample => {
        const [{ level, topic }] = same;
        return [{ level, topic }, same.length];
      }),
    ),
  ];
}

function processMetrics({ startSeconds, residentBytes, cpuSeconds }: ProcessUsage): Metric[] {
  return [
    {
      name: "process_start_time_seconds",
      type: "gauge",
      help: "When the process was started, in seconds since 1970.",
      samples: [[{}, startSeconds]],
    },
    {
      name: "process_resident_memory_bytes",
      type: "gauge",
      help: "The memory that the process holds.",
      samples: [[{}, residentBytes]],
    },
    {
      name: "process_cpu_seconds_total",
      type: "counter",
      help: "The processor time that the process has taken.",
      samples: [[{}, cpuSeconds]],
    },
  ];
}

function legionMetrics(legions: readonly LegionStats[]): Metric[] {
  const each = (name: string, help: string, value: (legion: LegionStats) => number) =>
    gauge(name, help, legions.map((legion) => [{ legion: legion.legion }, value(legion)]));
  return [
    each("lord", "1 when this node is the lord.", ({ state }) => Number(state === "lord")),
    each("lords", "Nodes that say that they are lord.", ({ lords }) => lords.length),
    each("lordless_seconds", "Seconds without a lord.", (l) => l.lordless_seconds),
    gauge(
      "lord_since_timestamp_seconds",
      "Since when there is the present lord, as this node saw it.",
      every(legions, ({ reigns }) => reigns.slice(-1).filter(({ lord }) => lord !== ""), (last) => [
        {},
        last.since,
      ]),
    ),
    counter(
      "transitions_total",
      "How often the title has changed hands, or was lost, as this node saw it.",
      legions.map(({ legion, transitions }) => [{ legion }, transitions]),
    ),
    each("members", "Other nodes that are heard.", ({ members }) => members.length),
    each("votes", "Votes for the candidate of this node.", ({ votes }) => votes),
    each("present", "Nodes present that can vote, this one counted in.", ({ present }) => present),
    each(
      "voters_up",
      "Voters that hear the lord and are heard by it; without a lord, this node.",
      ({ voters_up }) => voters_up,
    ),
    each(
      "nodes_listed",
      "Nodes that the configuration lists, this one counted in.",
      ({ roster }) => roster.filter(({ listed }) => listed).length,
    ),
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
    gauge(
      "stands_back",
      "1 for each reason why the node stands back.",
      every(
        legions,
        ({ stands_back }) =>
          standBackKinds.map((kind) => ({
            kind,
            is: stands_back.some((one) => one.kind === kind),
          })),
        ({ kind, is }) => [{ kind }, Number(is)],
      ),
    ),
    gauge(
      "stands_back_until_timestamp_seconds",
      "When a reason to stand back ends by itself.",
      every(
        legions,
        (l) => l.stands_back.filter(({ until }) => until > 0),
        ({ kind, until }) => [{ kind }, until],
      ),
    ),
    gauge(
      "check_up",
      "1 when a check of the service passes.",
      every(legions, (l) => l.checks, (check) => [
        { check: check.name, kind: check.kind },
        Number(check.state === "passing"),
      ]),
    ),
    each("nodes_never_heard", "Configured nodes not heard yet.", (l) => l.never_heard.length),
    counter(
      "datagrams_dropped_total",
      "Datagrams that were dropped, by reason.",
      every(legions, ({ dropped }) => Object.entries(dropped), ([reason, { count }]) => [
        { reason },
        count,
      ]),
    ),
  ];
}

/** The hooks, those of one event and action taken together: the line of one may change. */
function hookMetrics(legions: readonly LegionStats[]): Metric[] {
  const grouped = <T extends { readonly event: string; readonly action: string }>(
    of: (legion: LegionStats) => readonly T[],
    value: (hooks: readonly T[]) => number,
  ) =>
    every(
      legions,
      (legion) => [...Map.groupBy(of(legion), (hook) => `${hook.event} ${hook.action}`).values()],
      (hooks) => {
        const [{ event, action }] = hooks;
        return [{ event, action }, value(hooks)];
      },
    );
  return [
    gauge(
      "hook_ok",
      "1 when the hooks of an event and action ended well the last time.",
      grouped((l) => l.hooks, (hooks) => Number(hooks.every(({ result }) => result === "ok"))),
    ),
    gauge(
      "hook_duration_seconds",
      "How long a hook took last, the longest of an event and action.",
      grouped((l) => l.hooks, (hooks) => Math.max(...hooks.map(({ seconds }) => seconds))),
    ),
    gauge(
      "hook_running_since_timestamp_seconds",
      "Since when a hook runs that has not ended.",
      grouped((l) => l.running, (hooks) => Math.min(...hooks.map(({ since }) => since))),
    ),
    gauge(
      "hook_attempts",
      "Requests for a switch that a hook has sent which has not ended.",
      grouped((l) => l.running, (hooks) => Math.max(...hooks.map(({ attempts }) => attempts))),
    ),
  ];
}

function addressMetrics(legions: readonly LegionStats[]): Metric[] {
  return [
    gauge(
      "address_here",
      "1 when an address points to this node.",
      every(legions, (l) => l.addresses, ({ ip, provider, points_to, wanted }) => [
        { ip, provider },
        Number(points_to === wanted),
      ]),
    ),
    gauge(
      "address_seen_timestamp_seconds",
      "When the target of an address was last seen.",
      every(legions, (l) => l.addresses, ({ ip, provider, seen }) => [{ ip, provider }, seen]),
    ),
    counter(
      "takeovers_begun_total",
      "Takeovers of an address that this node has begun.",
      every(legions, (l) => l.takeovers, ({ ip, begun }) => [{ ip }, begun]),
    ),
    counter(
      "takeovers_ended_total",
      "Takeovers of an address by this node that have ended, by outcome.",
      every(
        legions,
        (l) =>
          l.takeovers.flatMap(({ ip, outcomes }) =>
            Object.entries(outcomes).map(([outcome, count]) => ({ ip, outcome, count }))
          ),
        ({ ip, outcome, count }) => [{ ip, outcome }, count],
      ),
    ),
  ];
}
