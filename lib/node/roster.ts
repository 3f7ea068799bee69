import { normalAddress } from "../config/address.ts";
import type { LegionConfig } from "../config/config.ts";
import { noUuid } from "../legion/announcement.ts";
import { configMark } from "../legion/config_mark.ts";
import type { Instant } from "../legion/effects.ts";
import type { Member } from "../legion/membership.ts";
import type { LegionView } from "../legion/view.ts";
import type { LegionState, NodeRole, NodeStats, NodeTrouble } from "../status/report.ts";
import type { Losses } from "./losses.ts";
import { troublesOf, withAlike } from "./node_troubles.ts";
import type { NodeHeard } from "./nodes_heard.ts";

/** The sources of a roster. */
export interface RosterSources {
  /** The legion's configuration. */
  readonly config: LegionConfig;
  /** This node's host name. */
  readonly name: string;
  /** The version of this program. */
  readonly version: string;
  /** This node's state in the legion. */
  readonly state: LegionState;
  /** The legion as this node sees it. */
  readonly view: LegionView;
  /** The listed nodes, as they were heard last. */
  readonly heard: ReadonlyMap<string, NodeHeard>;
  /** The names of listed nodes that the process before this one had heard, by node. */
  readonly heardBefore: ReadonlyMap<string, string>;
  /** The datagrams that were lost since. */
  readonly losses: Pick<Losses, "drops" | "strangers" | "unsent">;
  /** The moment of the roster. */
  readonly now: Instant;
}

/** A row of the roster, before it is told. */
export interface Row {
  /** The node, `host:port`. */
  readonly node: string;
  /** Whether it is this node. */
  readonly isThis: boolean;
  /** Whether the configuration lists the node. */
  readonly isListed: boolean;
  /** The member that speaks for the node; undefined: it is not heard, or this node. */
  readonly member?: Member;
  /** All members that say they are this node. */
  readonly speakers: readonly Member[];
}

/**
 * All nodes of a legion: this node, the listed ones in the order of the list, then others that are
 * heard. Troubles whose time is not known say 0 for it.
 */
export function rosterOf(sources: RosterSources): NodeStats[] {
  const rows = rowsOf(sources);
  const others = rows.slice(1).map((row) => otherStats(row, rows, sources));
  return withAlike([ownStats(rows, sources), ...others]);
}

function rowsOf({ config, view: { members } }: RosterSources): Row[] {
  const { voters, nodes, address, node: own } = config;
  const listed = new Set(voters);
  const order = nodes.map(normalAddress).filter((node) => listed.has(node) && node !== own);
  const byNode = Map.groupBy(members, ({ said, from }) => said.node || from);
  // A node that says it is another one than the list has is heard at its listed address all the same.
  const strays = Map.groupBy(members, ({ said, from }) => {
    const isStray = !listed.has(said.node || from) && listed.has(from) && !byNode.has(from);
    return isStray ? from : "";
  });
  const isTold = ({ said, from }: Member) => listed.has(said.node || from);
  const isAtItsEntry = (member: Member) => strays.get(member.from)?.includes(member) ?? false;
  const row = (node: string, isThis: boolean): Row => {
    const speakers = byNode.get(node) ?? strays.get(node) ?? [];
    const member = isThis ? undefined : speakers.toSorted(byWeight)[0];
    return { node, isThis, isListed: listed.has(node), member, speakers };
  };
  const unlisted = members.filter((member) => !isTold(member) && !isAtItsEntry(member));
  return [
    row(own ?? normalAddress(address), true),
    ...[...new Set(order)].map((node) => row(node, false)),
    ...unlisted.map((member) => ({
      node: member.said.node || member.from,
      isThis: false,
      isListed: false,
      member,
      speakers: [member],
    })),
  ];
}

/** The one that counts most first, of members that say they are the same node. */
function byWeight(a: Member, b: Member): number {
  const [title, other] = [a, b].map(({ said, lordSince }) => Number(lordSince > 0 || said.claim));
  return other - title || b.valor - a.valor || (b.uuid < a.uuid ? -1 : 1);
}

function ownStats(rows: readonly Row[], sources: RosterSources): NodeStats {
  const { config, name, version, view, now } = sources;
  const [own] = rows;
  const heard = rows.filter(({ isThis, member }) => isThis || member !== undefined);
  return {
    node: own.node,
    is_this: true,
    listed: own.isListed,
    name,
    valor: view.valor,
    role: ownRole(sources),
    kind: "failover",
    version,
    stands_back: [...new Set(view.reasons.map(({ kind }) => kind))],
    last_heard: Math.floor(now.wallMs / 1000),
    hears: config.voters.filter((voter) => heard.some(({ node }) => node === voter)),
    troubles: troublesOf(own, rows, sources),
  };
}

function ownRole({ state, config }: RosterSources): NodeRole {
  if (state !== "follower" && state !== "candidate") return state;
  return config.valor === 0 ? "arbiter" : "follower";
}

function otherStats(row: Row, rows: readonly Row[], sources: RosterSources): NodeStats {
  const { node, isListed: listed, member } = row;
  const troubles: NodeTrouble[] = troublesOf(row, rows, sources);
  if (member === undefined) {
    const { heard, heardBefore } = sources;
    const last = heard.get(node);
    return {
      node,
      is_this: false,
      listed,
      name: last?.name ?? heardBefore.get(node) ?? "",
      valor: last?.valor ?? 0,
      role: "unknown",
      kind: last?.kind ?? "",
      version: last?.version ?? "",
      stands_back: [],
      last_heard: Math.floor((last?.heardWallMs ?? 0) / 1000),
      hears: null,
      troubles,
    };
  }
  const { name, valor, said, heardWallMs } = member;
  return {
    node,
    is_this: false,
    listed,
    name,
    valor,
    role: roleOf(member, sources),
    kind: said.seq > 0 ? "failover" : "uwsgi",
    version: said.aside?.version ?? "",
    stands_back: said.aside?.back ?? [],
    last_heard: Math.floor(heardWallMs / 1000),
    hears: hearsOf(member, rows, sources),
    troubles,
  };
}

function roleOf({ said, lordSince, joinedMs }: Member, { config, now }: RosterSources): NodeRole {
  if (lordSince > 0) return "lord";
  if (said.claim) return "taking over";
  const isNew = now.monotonicMs < joinedMs + config.toleranceMs;
  if (isNew && said.lordUuid === noUuid && said.support === undefined) return "listening";
  if (said.valor > 0) return "follower";
  return (said.aside?.back ?? []).length > 0 ? "stands back" : "arbiter";
}

/**
 * The listed nodes that a member hears; null: not told. A list of another order tells nothing here,
 * and of uWSGI's nodes none tells: they are taken as heard.
 */
function hearsOf(
  { said: { hears, config: mark } }: Member,
  rows: readonly Row[],
  { config: { voters, quorum } }: RosterSources,
): string[] | null {
  if (hears === undefined || mark !== configMark(voters, quorum)) return null;
  const untold = rows.filter(({ member }) => member?.said.seq === 0).map(({ node }) => node);
  return voters.filter((voter, index) =>
    ((hears >> BigInt(index)) & 1n) > 0n || untold.includes(voter)
  );
}
