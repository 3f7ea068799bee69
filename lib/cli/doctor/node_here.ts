import type { HelpTopic } from "../../base/help_topic.ts";
import { normalAddress, parseAddress } from "../../config/address.ts";
import type { Config } from "../../config/config.ts";
import { findings } from "../../status/findings.ts";
import type { NodeStats } from "../../status/node_stats.ts";
import type { LegionStats, Stats } from "../../status/report.ts";
import { nodeText } from "../../status/voters_up.ts";
import { shellWord } from "../quoted.ts";
import { type Answer, note, ok, type Remedy, unknown, wrong } from "./answer.ts";
import { asRoot } from "./configuration.ts";
import { isInstalled, type UnitFacts } from "./unit.ts";

/** The node here: its status, or why there is none. */
export type NodeHere =
  | { readonly stats: Stats }
  /** Nobody answers; this user may not ask; several run, and it is not said whom; one runs and hangs. */
  | { readonly why: string; readonly is: "silent" | "closed" | "several" | "hanging" };

/** The facts beside the node's own that its answers go by. */
export interface NodeFacts {
  /** The configuration; undefined: it cannot be used. */
  readonly config?: Config;
  /** The configuration as the user named it. */
  readonly spec: string;
  /** The version of this program. */
  readonly version: string;
  /** When this program was installed, in wall clock seconds; undefined: not known. */
  readonly installed?: number;
  /** The wall clock, in seconds. */
  readonly now: number;
  /** The unit; undefined: there is no systemd here. */
  readonly unit?: UnitFacts;
}

/** Does the node answer, by this configuration and version, and what does it say is wrong? */
export function nodeAnswers(node: NodeHere, facts: NodeFacts): Answer[] {
  if (!("stats" in node)) return [silent(node, facts)];
  const { stats } = node;
  return [
    running(stats, facts),
    ...differences(stats, facts),
    ...foundAnswers(stats, facts),
    ...stats.legions.map(guaranteeAnswer),
  ];
}

const what = "node";

function silent({ why, is }: Exclude<NodeHere, { stats: Stats }>, facts: NodeFacts): Answer {
  const { unit, spec } = facts;
  if (is === "closed") return unknown(what, why, { remedy: asRoot(spec) });
  if (is === "several") return unknown(what, why, { remedy: "failover doctor --config FILE" });
  const topic = "no-answer";
  if (is === "hanging") {
    const remedy = isInstalled(unit)
      ? "systemctl restart failover"
      : "ps -eo pid,stat,wchan,args | grep failover";
    return wrong(what, `it runs, and hangs or is stopped: ${why}`, { remedy, topic });
  }
  if (unit?.ActiveState === "active") {
    const remedy = "journalctl -u failover -n 50";
    return wrong(what, `its unit is active (process ${unit.MainPID}), but ${why}`, {
      remedy,
      topic,
    });
  }
  const remedy = isInstalled(unit)
    ? "systemctl start failover"
    : `failover node --config ${shellWord(spec)}`;
  return wrong(what, why, { remedy, topic });
}

function running({ pid, version, uptime_seconds }: Stats, facts: NodeFacts): Answer {
  const about = `process ${pid}, version ${version}, up ${Math.floor(uptime_seconds)} s`;
  const { installed = 0, now } = facts;
  const restart = { remedy: "failover restart", topic: "install" };
  if (version !== facts.version) {
    return note(what, `${about}; the program installed is ${facts.version}`, restart);
  }
  return installed > now - uptime_seconds
    ? note(what, `${about}; the program was installed anew since its start`, restart)
    : ok(what, about);
}

/** The settings that the file has otherwise than the node that runs. */
function differences({ legions }: Stats, { config }: NodeFacts): Answer[] {
  const reload: Remedy = { remedy: "systemctl reload failover", topic: "not-read-anew" };
  return (config?.legions ?? []).flatMap((legion) => {
    const runs = legions.find((own) => own.legion === legion.name);
    if (runs === undefined) {
      const why = `it does not run the legion ${legion.name} of the file`;
      return [wrong(what, why, { remedy: "failover restart", topic: "configuration" })];
    }
    const nodes = legion.nodes.map(normalAddress).sort().join(", ");
    const pairs: readonly [name: string, file: string | number, runs: string | number][] = [
      ["legion-quorum", legion.quorum, runs.quorum],
      ["legion-freq", legion.freqMs / 1000, runs.freq_seconds],
      ["legion-tolerance", legion.toleranceMs / 1000, runs.tolerance_seconds],
      ["legion-node", nodes, [...runs.nodes].sort().join(", ")],
    ];
    return pairs.filter(([, file, runs]) => file !== runs).map(([name, file, runs]) =>
      wrong(
        what,
        `it runs with ${name} ${runs || "none"}, and the file says ${file || "none"}`,
        reload,
      )
    );
  });
}

/** The findings that, where they are warnings, ask nothing of anybody now. */
const notes: ReadonlySet<HelpTopic> = new Set(["quorum-just-met", "just-started", "no-lord"]);

/** The findings about addresses, which the configuration has answers for. */
const addressTopics: ReadonlySet<HelpTopic> = new Set(["wrong-target", "address-missing"]);

function foundAnswers(stats: Stats, { config }: NodeFacts): Answer[] {
  return findings(stats).flatMap(({ level, text, topic }) => {
    // The guarantee has an answer of its own, and so have the addresses of the configuration.
    // So has the configuration itself.
    if (topic === "not-read-anew") return [];
    if (topic === "no-guarantee" || addressTopics.has(topic) && config !== undefined) return [];
    const other = otherIn(text, stats);
    if (topic === "stands-back" && level === "warning" && isDrained(other, stats)) {
      const remedy = other === undefined ? "failover resume" : at(other, "failover resume");
      return [note("status", text, { remedy, topic })];
    }
    const remedy = other === undefined ? remedyHere(topic, text, stats) : remedyAt(other, topic);
    const isNote = level === "warning" && notes.has(topic);
    return [(isNote ? note : wrong)("status", text, { remedy, topic })];
  });
}

/** The other node that a finding is about; undefined: it is about this one, or the legion. */
function otherIn(text: string, { legions }: Stats): NodeStats | undefined {
  return legions.flatMap(({ roster }) => roster)
    .find((node) => !node.is_this && text.includes(`${nodeText(node)}: `));
}

/** Whether a node stands back for no other reason than that somebody wants it so. */
function isDrained(other: NodeStats | undefined, { legions }: Stats): boolean {
  const kinds = other?.stands_back ??
    legions.flatMap(({ stands_back }) => stands_back.map(({ kind }) => kind));
  return kinds.length > 0 && kinds.every((kind) => kind === "drained");
}

/** The command for another node; empty: the topic alone says what to do. */
function remedyAt(other: NodeStats, topic: HelpTopic): string {
  const command = commandsThere[topic];
  return command === undefined ? "" : at(other, command);
}

function at({ node }: NodeStats, command: string): string {
  return `ssh ${parseAddress(node).host} ${command}`;
}

/** The command for this node; empty: the topic alone says what to do. */
function remedyHere(topic: HelpTopic, text: string, { legions }: Stats): string {
  const ips = legions.flatMap(({ addresses }) => addresses).map(({ ip }) => ip);
  const ip = ips.find((ip) => text.includes(ip)) ?? (ips.length === 1 ? ips[0] : undefined);
  switch (topic) {
    case "address-elsewhere":
      return ip === undefined ? "" : atLord(`failover takeover --ip ${ip}`, legions);
    case "takeover-fails":
      return ip === undefined ? "" : `failover takeover --dry-run --ip ${ip}`;
    default:
      return commandsHere[topic] ?? "";
  }
}

/** A command that only the lord's server takes without more ado. */
function atLord(command: string, legions: readonly LegionStats[]): string {
  const lords = legions.flatMap(({ roster }) => roster).filter(({ role }) => role === "lord");
  return lords.length === 1 && !lords[0].is_this ? at(lords[0], command) : command;
}

type Commands = Partial<Readonly<Record<HelpTopic, string>>>;

/** The commands at another node, by what is the matter with it. */
const commandsThere: Commands = {
  "node-silent": "systemctl status failover",
  "heard-one-way": "failover status",
  "secret": "sha256sum /etc/failover.secret",
  "clock": "timedatectl",
  "nodes-differ": "failover node --check-config",
  "doubled": "ss -ulpn",
  "same-valor": "failover node --check-config",
  "stands-back": "failover status",
  "check-fails": "failover status",
  "login-refused": "failover status",
  "hook-failed": "failover status",
};

/** The commands here. */
const commandsHere: Commands = {
  "node-silent": "ip route",
  "clock": "timedatectl",
  "secret": "sha256sum /etc/failover.secret",
  "nodes-differ": "failover node --check-config",
  "stands-back": "failover status",
  "check-fails": "failover status",
  "login-refused": "failover resume",
  "wrong-target": "ip -brief address",
  "address-missing": "ip -brief address",
  "hook-failed": "journalctl -u failover -n 50",
  "memory": "ls -ld /run/failover /var/lib/failover",
};

function guaranteeAnswer({ legion, guarantee, guarantee_why: why }: LegionStats): Answer {
  const about = `guarantee, ${legion}`;
  const because = why === "" ? "" : ` (${why})`;
  return guarantee === "lease"
    ? ok(about, `lease${because}: never two lords`)
    : note(about, `none${because}: two may be lord at once`, { topic: "no-guarantee" });
}
