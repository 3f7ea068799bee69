import type { ConfigsHeard } from "./configs_heard.ts";
import { configMark } from "./config_mark.ts";
import type { Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";
import { drift } from "./promise.ts";
import type { Voters } from "./voters.ts";

/**
 * The guarantee that a node gives: `lease`: no two nodes that say so are lord at one instant;
 * `none`: no two are as long as all agree. Who decides is another thing: the lease may decide, and
 * nothing be guaranteed yet (LEASE.md, rule 10).
 */
export interface Guarantee {
  /** The kind of guarantee. */
  readonly kind: "lease" | "none";
  /** The reason, as part of a sentence; empty where there is nothing to add. */
  readonly why: string;
  /** Whether `none` is because not all has been heard yet that the guarantee rests on. */
  readonly isPending: boolean;
  /** When the guarantee may change by itself, monotonic; Infinity: never. */
  readonly untilMs: number;
}

/** The facts that a guarantee rests on. */
export interface GuaranteeFacts {
  /** The options of the legion. */
  readonly options: Pick<
    LegionOptions,
    "lease" | "quorum" | "voters" | "node" | "name" | "toleranceMs"
  >;
  /** All other nodes that are heard. */
  readonly members: Membership;
  /** The listed nodes among them. */
  readonly voters: Voters;
  /** The lists and quorums heard so far. */
  readonly configs: ConfigsHeard;
  /** Since when this node has its own list and quorum, monotonic; -Infinity: from its start on. */
  readonly sinceMs: number;
  /** The present moment, monotonic, in milliseconds. */
  readonly nowMs: number;
}

/** The guarantee that a node gives now (LEASE.md, rules 1, 2 and 10). */
export function guaranteeOf(facts: GuaranteeFacts): Guarantee {
  return none(facts) ?? pending(facts) ??
    { kind: "lease", why: "", isPending: false, untilMs: Infinity };
}

function none({ options, members, voters, configs }: GuaranteeFacts): Guarantee | undefined {
  const { lease, quorum, voters: list, node } = options;
  const because = (why: string, isPending = false): Guarantee => {
    return { kind: "none", why, isPending, untilMs: Infinity };
  };
  if (lease === "off") return because("legion-lease is off");
  if (list.length === 0) return because("no nodes are listed: see legion-node");
  if (!isMajority(quorum, list.length)) {
    return because(`legion-quorum is ${quorum}, no majority of ${list.length} nodes`);
  }
  if (node === undefined) {
    return because("this node's own address is not known: see legion-address");
  }
  const { seqless } = members;
  if (seqless !== undefined) {
    return because(`${seqless.name} is a uWSGI node, or has legion-lease off`);
  }
  for (const rivals of voters.rivals) {
    const names = rivals.names.join(", ");
    return because(`more than one process says that it is ${rivals.node}: ${names}`);
  }
  for (const doubles of configs.doubles) {
    const names = doubles.names.join(", ");
    return because(`${doubles.node} may be two processes that are parted: ${names}`);
  }
  const config = configMark(list, quorum);
  const stranger = [...members].find(({ said }) => said.config !== config);
  if (stranger !== undefined) return because(otherText(stranger.said));
  for (const voter of list) {
    const heard = voter === node ? { config, name: "" } : configs.of(voter);
    if (heard === undefined) return because(`${voter} has not been heard`, true);
    if (heard.config !== config) return because(otherText(heard));
  }
}

function otherText({ name, config }: { readonly name: string; readonly config: string }): string {
  return config === ""
    ? `${name} names no list of nodes: it has none, or may be two processes`
    : `${name} has another list of nodes or another quorum`;
}

/** The guarantee while leases by another list or quorum may last: none yet. */
function pending({ options, configs, sinceMs, nowMs }: GuaranteeFacts): Guarantee | undefined {
  const { voters, node, toleranceMs } = options;
  const others = voters.filter((voter) => voter !== node).map((voter) => configs.of(voter)!);
  const latestMs = Math.max(sinceMs, ...others.map((heard) => heard.sinceMs));
  const untilMs = latestMs + Math.max(toleranceMs, configs.longestMs) * (1 + drift);
  if (nowMs >= untilMs) return undefined;
  const why = "not all nodes have had this list of nodes and quorum for a tolerance yet";
  return { kind: "none", why, isPending: true, untilMs };
}

/** The guarantee in words, for the log. */
export function guaranteeText({ kind, why, isPending }: Guarantee): string {
  // The nodes that are missing change with every one that is heard: the status names them.
  const reason = isPending
    ? "until all listed nodes have been heard, and have had the same list and quorum for a tolerance"
    : why;
  return `guarantee: ${kind}${reason === "" ? "" : ` (${reason})`}`;
}

/** Whether a quorum is more than half of the voters. A lone node needs none. */
export function isMajority(quorum: number, voters: number): boolean {
  return 2 * Math.max(1, quorum) > voters;
}
