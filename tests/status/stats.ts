import type { MemberStats, NodeStats } from "../../lib/status/node_stats.ts";
import type { AddressStats } from "../../lib/status/address_stats.ts";
import type { LegionStats, Stats } from "../../lib/status/report.ts";

/** A node's stats of these legions. */
export function statsOf(...legions: LegionStats[]): Stats {
  return { version: "1.2.3", pid: 7, legions, name: "a", uptime_seconds: 61, not_read_anew: "" };
}

/** A member that agrees to everything. */
export function memberStats(changed: Partial<MemberStats> = {}): MemberStats {
  return {
    name: "b",
    uuid: "b".repeat(36),
    valor: 10,
    checksum: 1,
    last_seen: 7,
    address: "2.2.2.2:2000",
    heard_seconds_ago: 0.5,
    clock_skew_seconds: 0,
    clock_pace_percent: 0,
    vote: "a",
    lord: 0,
    supports: "a",
    kind: "failover",
    ...changed,
  };
}

/** A follower with which all is well. */
export function nodeStats(changed: Partial<NodeStats> = {}): NodeStats {
  return {
    node: "2.2.2.2:2000",
    is_this: false,
    listed: true,
    name: "b",
    valor: 10,
    role: "follower",
    kind: "failover",
    version: "1.2.3",
    stands_back: [],
    last_heard: 7,
    hears: ["1.1.1.1:2000", "2.2.2.2:2000", "3.3.3.3:2000"],
    troubles: [],
    ...changed,
  };
}

/** A legion of three with which all is well, seen from its lord. */
export function legionStats(changed: Partial<LegionStats> = {}): LegionStats {
  return {
    legion: "failover",
    addr: "1.1.1.1:2000",
    uuid: "a".repeat(36),
    valor: 20,
    checksum: 1,
    quorum: 2,
    i_am_the_lord: 7,
    lord_valor: 20,
    lord_uuid: "a".repeat(36),
    nodes: ["2.2.2.2:2000", "3.3.3.3:2000"],
    guarantee: "lease",
    guarantee_why: "",
    leased: true,
    supports: "a",
    lease_seconds: 0,
    members: [memberStats(), memberStats({ name: "c", address: "3.3.3.3:2000", kind: "uwsgi" })],
    name: "a",
    state: "lord",
    why_not_lord: "",
    stands_back: [],
    drained: null,
    checks: [],
    elected: "a",
    votes: 3,
    present: 1 + (changed.members?.length ?? 2),
    lords: ["a"],
    lordless_seconds: 0,
    freq_seconds: 3,
    tolerance_seconds: 15,
    skew_tolerance_seconds: 60,
    memory_trouble: "",
    roster: [
      nodeStats({ node: "1.1.1.1:2000", name: "a", valor: 20, role: "lord", is_this: true }),
      nodeStats(),
      nodeStats({ node: "3.3.3.3:2000", name: "c", kind: "uwsgi", hears: null, version: "" }),
    ],
    voters_up: 3,
    transitions: 1,
    reigns: [{ lord: "a", since: 7 }],
    running: [],
    takeovers: [],
    never_heard: [],
    hooks: [],
    addresses: [],
    misplaced: [],
    dropped: {},
    events: [],
    ...changed,
  };
}

/** An address that points to where it is to point. */
export function addressStats(changed: Partial<AddressStats> = {}): AddressStats {
  const points_to = "1.1.1.1";
  return {
    ip: "4.4.4.4",
    wanted: "1.1.1.1",
    provider: "p",
    points_to,
    active_server_ip: changed.points_to === undefined ? points_to : changed.points_to,
    seen: 7,
    seen_by: "a",
    taken_over_by: "",
    problem: "",
    ...changed,
  };
}
