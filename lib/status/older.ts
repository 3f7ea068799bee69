import type { MemberStats, NodeRole, NodeStats, NodeTrouble } from "./node_stats.ts";
import type { AddressStats } from "./address_stats.ts";
import type { LegionStats, Stats } from "./report.ts";

/**
 * The stats of a node of any version. Fields that an older one does not tell are empty, or made of
 * those that stood for them: the rows of the nodes are made of the members.
 */
export function completed(stats: Stats): Stats {
  const { not_read_anew = "", legions } = stats;
  return { ...stats, legions: legions.map(completedLegion), not_read_anew };
}

function completedLegion(told: Partial<LegionStats>): LegionStats {
  const later = {
    guarantee: "none",
    guarantee_why: "",
    leased: false,
    memory_trouble: "",
    checks: [],
    stands_back: [],
    drained: null,
    voters_up: told.present ?? 0,
    transitions: 0,
    reigns: [],
    running: [],
    takeovers: [],
    misplaced: [],
  } satisfies Partial<LegionStats>;
  const legion = { ...later, ...told } as LegionStats;
  const hasRows = told.roster !== undefined && told.roster.length > 0;
  return {
    ...legion,
    roster: hasRows ? legion.roster : rowsOf(legion),
    addresses: legion.addresses.map(completedAddress),
  };
}

function completedAddress(told: AddressStats): AddressStats {
  return {
    ...told,
    provider: told.provider ?? "",
    points_to: told.points_to ?? told.active_server_ip,
    seen_by: told.seen_by ?? "",
    taken_over_by: told.taken_over_by ?? "",
  };
}

const roles: Partial<Record<LegionStats["state"], NodeRole>> = { candidate: "follower" };

function rowsOf(legion: LegionStats): NodeStats[] {
  const { addr, name, valor, state, never_heard, members, nodes } = legion;
  const row = { kind: "", version: "", stands_back: [], hears: null, last_heard: 0 } as const;
  const own: NodeStats = {
    ...row,
    node: addr,
    is_this: true,
    listed: nodes.length > 0,
    name,
    valor,
    role: roles[state] ?? (state as NodeRole),
    troubles: [],
  };
  const missing = never_heard.map((node): NodeStats => ({
    ...row,
    node,
    is_this: false,
    listed: true,
    name: "",
    valor: 0,
    role: "unknown",
    troubles: [{ kind: "never heard", why: "never heard", since: 0 }],
  }));
  return [own, ...members.map((member) => memberRow(member, legion)), ...missing];
}

function memberRow(member: MemberStats, legion: LegionStats): NodeStats {
  const { name, valor, address, lord, last_seen, kind } = member;
  return {
    node: address,
    is_this: false,
    listed: legion.nodes.includes(address),
    name,
    valor,
    role: lord > 0 ? "lord" : valor === 0 ? "arbiter" : "follower",
    kind: kind ?? "",
    version: "",
    stands_back: [],
    last_heard: last_seen,
    hears: null,
    troubles: memberTroubles(member, legion),
  };
}

function memberTroubles(member: MemberStats, legion: LegionStats): NodeTrouble[] {
  const { clock_skew_seconds: skew, valor } = member;
  const out: NodeTrouble[] = [];
  if (Math.abs(skew) * 2 > legion.skew_tolerance_seconds) {
    out.push({ kind: "clock off", why: `its clock differs by ${skew} s`, since: 0 });
  }
  if (valor > 0 && valor === legion.valor) {
    const why = `it has the same valor ${valor}: give each node its own`;
    out.push({ kind: "same valor", why, since: 0 });
  }
  return out;
}
