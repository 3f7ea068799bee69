// Statuses for the page to show: what a person may meet, and what nobody should send.
import type { HelpTopic } from "../../lib/base/help_topic.ts";
import type { StatsDocument } from "../../lib/status/document.ts";
import type { NodeStats } from "../../lib/status/node_stats.ts";
import type { LegionStats, Stats } from "../../lib/status/report.ts";
import { legionStats, memberStats, nodeStats, statsOf } from "../status/stats.ts";

/** The time by the wall clock, in seconds. */
const nowSeconds = () => Math.floor(Date.now() / 1000);

const hour = 3_600;
const ips = ["1.1.1.1", "2.2.2.2", "3.3.3.3"];
const all = ips.map((ip) => `${ip}:2000`);

function node(place: number, changed: Partial<NodeStats> = {}): NodeStats {
  return nodeStats({
    node: all[place],
    name: `server-${place + 1}`,
    valor: 9999 - place,
    hears: all,
    last_heard: nowSeconds(),
    ...changed,
  });
}

/** An address that points to the lord. */
function address(changed: Partial<LegionStats["addresses"][number]> = {}) {
  return {
    ip: "4.4.4.4",
    wanted: "2.2.2.2",
    provider: "hetzner-robot",
    points_to: "1.1.1.1",
    active_server_ip: "1.1.1.1",
    seen: nowSeconds() - 540,
    seen_by: "server-1",
    taken_over_by: "",
    problem: "",
    ...changed,
  };
}

/** Three servers with which all is well, seen from the second. */
function wellLegion(changed: Partial<LegionStats> = {}): LegionStats {
  const now = nowSeconds();
  return legionStats({
    addr: all[1],
    name: "server-2",
    uuid: "2".repeat(36),
    valor: 9998,
    state: "follower",
    why_not_lord: "server-1 has a higher valor (9999)",
    i_am_the_lord: 0,
    lord_uuid: "1".repeat(36),
    lord_valor: 9999,
    lords: ["server-1"],
    elected: "server-1",
    supports: "server-1",
    freq_seconds: 1,
    tolerance_seconds: 3,
    members: [
      memberStats({ name: "server-1", valor: 9999, lord: now - 3 * hour, address: all[0] }),
      memberStats({ name: "server-3", valor: 9997, address: all[2] }),
    ],
    roster: [
      node(1, { is_this: true }),
      node(0, { role: "lord" }),
      node(2),
    ],
    transitions: 3,
    reigns: [
      { lord: "server-1", since: now - 30 * hour },
      { lord: "", since: now - 10 * hour },
      { lord: "server-2", since: now - 10 * hour + 3 },
      { lord: "server-1", since: now - 3 * hour },
    ],
    takeovers: [{ ip: "4.4.4.4", begun: 1, outcomes: { moved: 1 } }],
    checks: [{
      name: "nginx",
      kind: "http",
      line: 14,
      state: "passing",
      since: now - 40 * hour,
      output: "200 OK",
      runs: 900,
    }],
    hooks: [{
      event: "lord",
      action: "hetzner_failoverip",
      line: 9,
      result: "ok",
      seconds: 1.84,
      time: now - 10 * hour,
    }],
    addresses: [
      address(),
      address({ ip: "2001:db8:4:4::", provider: "hetzner-robot", seen: now - 31 }),
    ],
    events: [
      ...Array.from({ length: 30 }, (_, index) => ({
        time: now - 20 * hour + index * 60,
        level: "info" as const,
        message: `server-${index % 3 + 1} is back after ${index + 4}.${index % 10} s`,
      })),
      { time: now - 10 * hour, level: "warn", message: "server-1 was silent for 3.0 s" },
      { time: now - 10 * hour + 3, level: "info", message: "this node is the lord" },
      { time: now - 3 * hour, level: "info", message: "server-1 is elected, this node releases" },
    ],
    ...changed,
  });
}

/** The status of the second of three servers, of these legions. */
export function statusOf(...legions: LegionStats[]): Stats {
  return { ...statsOf(...legions), name: "server-2", uptime_seconds: 172_800, pid: 26191 };
}

/** All is well. */
export const well = (changed: Partial<LegionStats> = {}) => statusOf(wellLegion(changed));

/** Nearly all that can be amiss: a lord without a quorum, whose takeover hangs. */
export function broken(): Stats {
  const now = nowSeconds();
  return well({
    state: "lord",
    why_not_lord: "",
    lords: ["server-2", "server-3"],
    present: 1,
    voters_up: 1,
    guarantee: "none",
    guarantee_why: "server-3 has another configuration",
    checks: [{
      name: "disk",
      kind: "cmd",
      line: 12,
      state: "failing",
      since: now - 75,
      output: "0".repeat(180) + "7",
      runs: 90,
    }],
    roster: [
      node(1, { is_this: true, role: "lord", hears: [all[1]] }),
      node(0, {
        role: "unknown",
        valor: 0,
        hears: null,
        last_heard: now - 720,
        troubles: [{ kind: "silent", why: "silent since 14:03:21 UTC", since: now - 720 }],
      }),
      node(2, {
        role: "lord",
        stands_back: ["drained", "unfit"],
        hears: [all[0], all[2]],
        troubles: [
          { kind: "does not hear us", why: "does not hear this node", since: now - 95 },
          { kind: "clock off", why: "its clock is 41 s ahead", since: 0 },
        ],
      }),
      nodeStats({
        node: "9.9.9.9:2000",
        name: "",
        listed: false,
        valor: 0,
        role: "unknown",
        kind: "",
        version: "",
        hears: null,
        last_heard: 0,
        troubles: [{
          kind: "another secret",
          why: "sends with another secret, cipher or IV",
          since: now - 60,
        }],
      }),
    ],
    reigns: [
      { lord: "server-1", since: now - 7 * hour },
      { lord: "", since: now - 5 * hour },
      { lord: "server-3", since: now - 3 * hour },
      { lord: "", since: now - 720 },
      { lord: "server-2", since: now - 717 },
    ],
    running: [{
      event: "lord",
      action: "hetzner_failoverip",
      line: 9,
      since: now - 93,
      attempts: 7,
      last_error: "the Robot is in maintenance (503), and says to come again in 60 s",
    }],
    takeovers: [{ ip: "4.4.4.4", begun: 5, outcomes: { moved: 2, "gave up": 1, refused: 1 } }],
    addresses: [
      address({ seen: now - 12, seen_by: "server-2" }),
      address({ ip: "5.5.5.5", taken_over_by: "server-2", wanted: "1.1.1.1" }),
      address({
        ip: "2001:db8:1234:5678:9abc:def0:1234:5678",
        points_to: null,
        active_server_ip: null,
        seen: 0,
        seen_by: "",
        problem: "the login is refused (401): wrong user or password",
      }),
      address({ ip: "10.0.0.100", provider: "device", problem: "the device lan is down" }),
    ],
    hooks: [{
      event: "unlord",
      action: "cmd",
      line: 11,
      result: "exit status 1: iptables: Permission denied",
      seconds: 0.31,
      time: now - 700,
    }],
    dropped: { undecipherable: { count: 1204, last_seconds_ago: 0.7 } },
    memory_trouble: "/run/failover cannot be written (read-only file system)",
    events: [
      { time: now - 720, level: "warn", message: "server-1 was silent for 3.0 s" },
      { time: now - 93, level: "info", message: "lord hook hetzner_failoverip (line 9) begins" },
      { time: now - 33, level: "error", message: "unlord hook cmd (line 11): exit status 1" },
    ],
  });
}

/** Nobody is lord. */
export const lordless = () =>
  well({
    state: "candidate",
    why_not_lord: "no quorum: 1 present, 2 needed",
    lords: [],
    elected: "",
    lordless_seconds: 42.3,
    present: 1,
    voters_up: 1,
    members: [],
    reigns: [
      { lord: "server-1", since: nowSeconds() - 30 * hour },
      { lord: "", since: nowSeconds() - 42 },
    ],
  });

/** Two legions, one of them with nothing in it. */
export const twoLegions = () =>
  statusOf(
    wellLegion(),
    wellLegion({
      legion: "database",
      roster: [],
      members: [],
      nodes: [],
      addresses: [],
      reigns: [],
      events: [],
      hooks: [],
      checks: [],
    }),
  );

/** Twelve nodes with long names, one of which hears only itself. */
export function many(): Stats {
  const nodes = Array.from({ length: 12 }, (_, index) => `10.20.30.${100 + index}:2000`);
  const roster = nodes.map((address, index) =>
    nodeStats({
      node: address,
      is_this: index === 0,
      name: `database-server-number-${index + 1}.frankfurt.example.org`,
      role: index === 0 ? "lord" : index === 4 ? "arbiter" : "follower",
      valor: 100 - index,
      last_heard: nowSeconds(),
      hears: index === 6 ? [address] : index === 9 ? null : nodes,
    })
  );
  const lords = Array.from({ length: 150 }, (_, index) => ({
    lord: index % 2 === 0 ? roster[index / 2 % 12].name : "",
    since: nowSeconds() - 20 * hour + index * 400 + (index % 2) * 395,
  }));
  return well({ roster, reigns: lords, lords: [roster[0].name], voters_up: 11, quorum: 7 });
}

/** Texts that are HTML, turn the direction of writing, or never end, and times that are none. */
export function hostile(text: string): Partial<StatsDocument> {
  const { legions: [legion] } = broken();
  return {
    ...statusOf({
      ...legion,
      legion: text,
      lords: [text],
      why_not_lord: text,
      guarantee_why: text,
      roster: legion.roster.map((node) => ({
        ...node,
        name: text,
        version: text,
        last_heard: 1e300,
        troubles: [{ kind: "silent", why: text, since: 1e300 }],
      })),
      reigns: [{ lord: text, since: -1e300 }, { lord: text, since: 1e300 }],
      addresses: legion.addresses.map((each) => ({
        ...each,
        points_to: text,
        seen_by: text,
        taken_over_by: text,
        problem: text,
      })),
      checks: legion.checks.map((check) => ({ ...check, name: text, output: text })),
      hooks: legion.hooks.map((hook) => ({ ...hook, result: text })),
      running: legion.running.map((hook) => ({ ...hook, last_error: text })),
      dropped: { [text]: { count: 1, last_seconds_ago: 1 } },
      events: [{ time: 1e300, level: "error", message: text }],
    }),
    name: text,
    version: text,
    verdict: "CRITICAL",
    findings: [{ level: "critical", text, topic: text as HelpTopic }],
  };
}

/** A status as a node of an older version tells it: without the fields that came later. */
export function older(): Partial<StatsDocument> {
  const status = well();
  const legions = status.legions.map(
    ({ roster: _1, voters_up: _2, transitions: _3, reigns: _4, running: _5, ...legion }) => {
      const { takeovers: _, ...rest } = legion;
      return {
        ...rest,
        addresses: rest.addresses.map(({ seen_by: _1, taken_over_by: _2, ...address }) => address),
      };
    },
  );
  return { ...status, legions: legions as unknown as LegionStats[], findings: [] };
}
