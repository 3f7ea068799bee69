import { noUuid } from "../legion/announcement.ts";
import { formatAddress, normalAddress } from "../config/address.ts";
import type { LegionConfig } from "../config/config.ts";
import type { Instant } from "../legion/effects.ts";
import type { Member } from "../legion/membership.ts";
import type { LegionView } from "../legion/view.ts";
import type { CheckStats } from "../base/check.ts";
import type { HookEvent } from "../base/hook_event.ts";
import { secondsOf } from "../base/seconds_of.ts";
import type { MemberStats, NodeStats } from "../status/node_stats.ts";
import type { DrainStats, LegionState, LegionStats } from "../status/report.ts";
import { runningText } from "../status/running_text.ts";
import { type StandBack, standsBackText } from "../status/stands_back.ts";
import { votersUp } from "../status/voters_up.ts";
import type { ClockPace } from "./clock_pace.ts";
import type { Drain } from "./drain.ts";
import type { Drops } from "./drops.ts";
import type { LegionRecord } from "./legion_record.ts";
import type { Misplaced } from "./misplaced.ts";

/** The sources of a report on a legion. */
export interface ReportSources {
  /** The legion's configuration. */
  readonly config: LegionConfig;
  /** The node's own name. */
  readonly name: string;
  /** The legion as this node sees it. */
  readonly view: LegionView;
  /** The hooks, addresses and events noted so far. */
  readonly record: LegionRecord;
  /** The checks of the service, and the drain if any. */
  readonly fitness: { readonly checks: readonly CheckStats[]; readonly drained?: Drain };
  /** The reason why this node cannot remember all that it should; undefined: it can. */
  readonly memoryTrouble?: string;
  /** The counts of dropped datagrams. */
  readonly drops: Drops;
  /** The pace of the members' clocks. */
  readonly pace: Pick<ClockPace, "of">;
  /** The voters that have been heard, `host:port` in normal form. */
  readonly heard: ReadonlySet<string>;
  /** Whether the legion has not begun, since its address is not on this machine yet. */
  readonly waits?: boolean;
  /** All nodes, and what is wrong with them. */
  readonly roster: readonly NodeStats[];
  /** The addresses of the lord hooks that are on no interface of this server. */
  readonly misplaced: readonly Misplaced[];
  /** Since when no node says that it is lord, monotonic; undefined while one does. */
  readonly lordlessMs?: number;
  /** The moment of the report. */
  readonly now: Instant;
}

type StateSources = Pick<ReportSources, "config" | "view" | "name" | "waits" | "now">;

/** The node's state in the legion, and the lord if another: `failover: follower, lord is web1`. */
export function standingOf(sources: StateSources): string {
  const { config, name, waits } = sources;
  const state = waits ? `waits for ${formatAddress(config.address)}` : stateOf(sources);
  const others = lordsOf(sources).filter((lord) => lord !== name);
  const lord = others.length === 0 ? "" : `, lord is ${others.join(", ")}`;
  return `${config.name}: ${state}${lord}`;
}

/** Makes the report on a legion. */
export function reportOf(sources: ReportSources): LegionStats {
  const { config, name, view, record, fitness, drops, heard, roster, lordlessMs, now } = sources;
  const agoSeconds = (ms: number) => secondsOf(now.monotonicMs - ms);
  return {
    legion: config.name,
    addr: normalAddress(config.address),
    uuid: view.uuid,
    valor: view.valor,
    checksum: Number(view.checksum),
    quorum: config.quorum,
    i_am_the_lord: isLord(sources) ? view.lordSince : 0,
    lord_valor: view.candidate?.valor ?? 0,
    lord_uuid: view.candidate?.uuid ?? "",
    nodes: config.nodes.map(normalAddress),
    members: view.members.map((member) => memberStats(member, sources)),
    name,
    state: stateOf(sources),
    why_not_lord: whyNotLord(sources),
    stands_back: standsBack(sources),
    drained: drainStats(fitness.drained),
    checks: fitness.checks,
    elected: view.elected?.name ?? "",
    votes: view.votes,
    present: view.present,
    lords: lordsOf(sources),
    lordless_seconds: lordlessMs === undefined ? 0 : agoSeconds(lordlessMs),
    guarantee: view.guarantee.kind,
    guarantee_why: guaranteeWhy(sources),
    leased: view.leased,
    supports: nameOf(view.support, sources),
    lease_seconds: leaseSeconds(sources),
    freq_seconds: config.freqMs / 1000,
    tolerance_seconds: config.toleranceMs / 1000,
    skew_tolerance_seconds: config.skewToleranceMs / 1000,
    misplaced: sources.misplaced.flatMap(({ kind, ip, wanted, line }) =>
      kind === "another node" ? [] : [{ kind, ip, wanted, line }]
    ),
    memory_trouble: sources.memoryTrouble ?? "",
    roster,
    voters_up: votersUp(roster, view).length,
    transitions: record.transitions,
    reigns: record.reigns,
    running: record.running,
    takeovers: record.takeovers,
    never_heard: config.voters.filter((voter) => voter !== config.node && !heard.has(voter)),
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

/** The names of all nodes that say they are lord, this node first. */
export function lordsOf(
  sources: Pick<ReportSources, "view" | "name" | "now">,
): string[] {
  const { view, name } = sources;
  const others = view.members.filter(({ lordSince }) => lordSince > 0).map(({ name }) => name);
  return isLord(sources) ? [name, ...others] : others;
}

// A node that stops stays lord until its death hooks have ended.
function isLord({ view, now }: Pick<ReportSources, "view" | "now">): boolean {
  const { phase, lordSince, lordUntilMs, endsMs } = view;
  const untilMs = phase === "dying" && lordSince > 0 ? endsMs : lordUntilMs;
  return now.monotonicMs < untilMs;
}

/** The name of a node, or its uuid if not a member; empty: none. */
function nameOf(uuid: string | undefined, { view, name }: ReportSources): string {
  if (uuid === undefined) return "";
  return uuid === view.uuid ? name : view.members.find((m) => m.uuid === uuid)?.name ?? uuid;
}

/** Why there is that guarantee; where the lease is off, also who has it on. */
function guaranteeWhy({ view, config }: ReportSources): string {
  const { guarantee: { why }, members } = view;
  const leased = config.lease === "off" ? members.find(({ said }) => said.seq > 0) : undefined;
  return leased === undefined ? why : `${why}, and not at ${leased.name}`;
}

function leaseSeconds({ view, now }: ReportSources): number {
  const { leased, endsMs } = view;
  const has = leased && view.support === view.uuid && endsMs < Infinity;
  return has ? secondsOf(Math.max(0, endsMs - now.monotonicMs)) : 0;
}

function memberStats(member: Member, sources: ReportSources): MemberStats {
  const { now } = sources;
  const { said, heardMs, heardWallMs, from, lordSince } = member;
  const unvoted = said.lordUuid === noUuid;
  return {
    name: member.name,
    uuid: member.uuid,
    valor: member.valor,
    checksum: Number(said.checksum),
    last_seen: Math.floor(heardWallMs / 1000),
    address: from,
    heard_seconds_ago: secondsOf(now.monotonicMs - heardMs),
    clock_skew_seconds: said.unix - Math.floor(heardWallMs / 1000),
    clock_pace_percent: sources.pace.of(member.uuid),
    vote: unvoted ? "" : nameOf(said.lordUuid, sources),
    supports: nameOf(said.support?.uuid, sources),
    lord: lordSince,
    kind: said.seq > 0 ? "failover" : "uwsgi",
  };
}

/** The node's state in the legion. */
export function stateOf(sources: StateSources): LegionState {
  const { phase, lordship, candidate, uuid, reasons, valor } = sources.view;
  switch (phase) {
    case "setting up":
    case "listening":
      return "listening";
    case "dying":
    case "leaving":
    case "gone":
      return "stopping";
    case "voting":
      if (isLord(sources)) return "lord";
      if (lordship === "taking over") return "taking over";
      if (reasons.length > 0 && lordship === "none") return "stands back";
      if (valor === 0) return "follower";
      return candidate === undefined || candidate.uuid === uuid ? "candidate" : "follower";
  }
}

function whyNotLord(sources: ReportSources): string {
  const { config, view, now } = sources;
  const { phase, phaseEndsMs, lordship, candidate, members } = view;
  if (sources.waits) {
    return `it waits until ${formatAddress(config.address)} can be listened on`;
  }
  const left = `${((phaseEndsMs - now.monotonicMs) / 1000).toFixed(1)} s`;
  switch (stateOf(sources)) {
    case "lord":
      return "";
    case "listening":
      return phase === "setting up"
        ? hooksRun("setup", sources)
        : `it listens for ${left} more first`;
    case "stopping":
      return "it is stopping";
    case "taking over":
      return view.isResuming
        ? `it was started again, and fewer than ${config.quorum} support it again yet`
        : hooksRun("lord", sources);
  }
  if (lordship === "lord") return "its lease has run out";
  if (lordship === "releasing") return hooksRun("unlord", sources);
  const whys = [
    ...view.present < config.quorum
      ? [`no quorum: ${view.present} present, ${config.quorum} needed`]
      : [],
    ...standsBack(sources).map(standsBackText),
  ];
  if (whys.length > 0) return whys.join("; ");
  if (config.valor === 0) return "it is an arbiter (valor 0)";
  if (candidate !== undefined && candidate.uuid !== view.uuid) {
    const { name, valor } = candidate;
    const rank = valor > config.valor
      ? `a higher valor (${valor})`
      : "the same valor, a higher uuid";
    return `${name} has ${rank}`;
  }
  if (!view.leased) return `not all agree yet: ${differing(view).join(", ")}`;
  const listensMs = view.listensUntilMs - now.monotonicMs;
  if (listensMs > 0) {
    return `after its start it supports nobody for ${(listensMs / 1000).toFixed(1)} s more`;
  }
  const others = members.filter(({ said }) => said.support?.uuid !== view.uuid);
  return `it has ${view.votes} of ${config.quorum} votes; not those of ` +
    others.map((member) => member.name).join(", ");
}

/** A sentence: the hooks of an event run, and how far each that runs now has come. */
function hooksRun(event: HookEvent, { record, now }: ReportSources): string {
  const running = record.running.filter((hook) => hook.event === event);
  const at = running.map((hook) => runningText(hook, now.wallMs / 1000));
  return [`its ${event} hooks run`, ...at].join(": ");
}

function standsBack({ view, now }: ReportSources): StandBack[] {
  return view.reasons.map(({ kind, why, untilMs }) => ({
    kind,
    why,
    until: wallSeconds(untilMs, now),
  }));
}

function drainStats(drain: Drain | undefined): DrainStats | null {
  if (drain === undefined) return null;
  const { by, sinceWallMs, untilWallMs } = drain;
  const until = untilWallMs < Infinity ? Math.ceil(untilWallMs / 1000) : 0;
  return { by, since: Math.floor(sinceWallMs / 1000), until };
}

/** A monotonic time as wall clock seconds; 0 for Infinity. */
function wallSeconds(monotonicMs = Infinity, now: Instant): number {
  if (monotonicMs === Infinity) return 0;
  return Math.ceil((now.wallMs + monotonicMs - now.monotonicMs) / 1000);
}

/** The members whose view or vote differs from this node's. */
function differing({ checksum, candidate, members }: LegionView): string[] {
  return members
    .filter(({ said }) => said.checksum !== checksum || said.lordUuid !== candidate?.uuid)
    .map(({ name }) => name);
}
