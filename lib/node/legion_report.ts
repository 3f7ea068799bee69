import { formatAddress } from "../config/address.ts";
import type { LegionConfig } from "../config/config.ts";
import type { Instant } from "../legion/effects.ts";
import type { Member } from "../legion/membership.ts";
import type { LegionView } from "../legion/view.ts";
import type { LegionState, LegionStats, MemberStats } from "../status/report.ts";
import type { Drops } from "./drops.ts";
import type { LegionRecord } from "./legion_record.ts";

/** What a report is made of. */
export interface ReportSources {
  readonly config: LegionConfig;
  /** The node's own name. */
  readonly name: string;
  readonly view: LegionView;
  readonly record: LegionRecord;
  readonly drops: Drops;
  /** The configured nodes that have been heard, `host:port`. */
  readonly heard: ReadonlySet<string>;
  /** Since when nobody says that it is lord, monotonic; undefined while somebody does. */
  readonly lordlessMs?: number;
  readonly now: Instant;
}

/** Tells of a legion what there is to tell. */
export function reportOf(sources: ReportSources): LegionStats {
  const { config, name, view, record, drops, heard, lordlessMs, now } = sources;
  const agoSeconds = (ms: number) => (now.monotonicMs - ms) / 1000;
  const nodes = config.nodes.map(formatAddress);
  // Of a group nobody is heard under the group's own address.
  const peers = config.casting === "unicast" ? nodes : [];
  return {
    legion: config.name,
    addr: formatAddress(config.address),
    uuid: view.uuid,
    valor: config.valor,
    checksum: Number(view.checksum),
    quorum: config.quorum,
    i_am_the_lord: view.lordSince,
    lord_valor: view.candidate?.valor ?? 0,
    lord_uuid: view.candidate?.uuid ?? "",
    nodes,
    members: view.members.map((member) => memberStats(member, sources)),
    name,
    state: stateOf(view),
    why_not_lord: whyNotLord(sources),
    elected: view.elected?.name ?? "",
    votes: view.votes,
    lords: lordsOf(view, name),
    lordless_seconds: lordlessMs === undefined ? 0 : agoSeconds(lordlessMs),
    guarantee: "none",
    freq_seconds: config.freqMs / 1000,
    tolerance_seconds: config.toleranceMs / 1000,
    skew_tolerance_seconds: config.skewToleranceMs / 1000,
    never_heard: peers.filter((node) => node !== formatAddress(config.address) && !heard.has(node)),
    hooks: record.hooks,
    addresses: record.addresses,
    dropped: Object.fromEntries(
      [...drops.counts].map(([reason, count]) => {
        const lastMs = drops.latestMs(reason) ?? now.monotonicMs;
        return [reason, { count, last_seconds_ago: agoSeconds(lastMs) }];
      }),
    ),
    events: record.events,
  };
}

/** The names of all who say that they are lord, this node first. */
export function lordsOf({ lordSince, members }: LegionView, name: string): string[] {
  const others = members.filter(({ said }) => said.lord > 0).map((member) => member.name);
  return lordSince > 0 ? [name, ...others] : others;
}

function memberStats(member: Member, { view, name, now }: ReportSources): MemberStats {
  const { said, heardMs, heardWallMs, from } = member;
  const unvoted = said.lordUuid.startsWith("\0");
  const vote = said.lordUuid === view.uuid
    ? name
    : view.members.find(({ uuid }) => uuid === said.lordUuid)?.name;
  return {
    name: member.name,
    uuid: member.uuid,
    valor: member.valor,
    checksum: Number(said.checksum),
    last_seen: Math.floor(heardWallMs / 1000),
    address: from,
    heard_seconds_ago: (now.monotonicMs - heardMs) / 1000,
    clock_skew_seconds: said.unix - Math.floor(heardWallMs / 1000),
    vote: unvoted ? "" : vote ?? said.lordUuid,
    lord: said.lord,
    kind: said.seq > 0 ? "failover" : "uwsgi",
  };
}

function stateOf({ phase, lordship, candidate, uuid }: LegionView): LegionState {
  switch (phase) {
    case "setting up":
    case "listening":
      return "listening";
    case "suspended":
      return "suspended";
    case "dying":
    case "leaving":
    case "gone":
      return "stopping";
    case "voting":
      if (lordship === "lord" || lordship === "taking over") return lordship;
      return candidate?.uuid === uuid && candidate.valor > 0 ? "candidate" : "follower";
  }
}

function whyNotLord({ config, view, now }: ReportSources): string {
  const { phase, phaseEndsMs, lordship, candidate, members } = view;
  const left = `${((phaseEndsMs - now.monotonicMs) / 1000).toFixed(1)} s`;
  switch (stateOf(view)) {
    case "lord":
      return "";
    case "listening":
      return phase === "setting up" ? "its setup hooks run" : `it listens for ${left} more first`;
    case "suspended":
      return `a lord hook failed: suspended for ${left} more`;
    case "stopping":
      return "it is stopping";
    case "taking over":
      return "its lord hooks run";
  }
  if (lordship === "releasing") return "its unlord hooks run";
  const present = 1 + members.length;
  if (present < config.quorum) return `no quorum: ${present} present, ${config.quorum} needed`;
  if (config.valor === 0) return "it is an arbiter (valor 0)";
  if (candidate !== undefined && candidate.uuid !== view.uuid) {
    const { name, valor } = candidate;
    const rank = valor > config.valor
      ? `a higher valor (${valor})`
      : "the same valor, a higher uuid";
    return `${name} has ${rank}`;
  }
  return `not all agree yet: ${differing(view).join(", ")}`;
}

/** The members whose view or vote differs from this node's. */
function differing({ checksum, candidate, members }: LegionView): string[] {
  return members
    .filter(({ said }) => said.checksum !== checksum || said.lordUuid !== candidate?.uuid)
    .map(({ name }) => name);
}
