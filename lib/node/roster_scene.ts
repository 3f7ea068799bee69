import { normalAddress } from "../config/address.ts";
import type { LegionConfig } from "../config/config.ts";
import { configMark } from "../legion/config_mark.ts";
import type { Instant } from "../legion/effects.ts";
import type { Member } from "../legion/membership.ts";
import type { LegionView } from "../legion/view.ts";
import type { LegionState } from "../status/report.ts";
import type { Losses } from "./losses.ts";
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

/** A node of the roster, and who speaks for it. */
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

/** The sources of a roster, and all that each of its rows needs to know of the others. */
export interface RosterScene extends RosterSources {
  /** All nodes: this one, the listed ones in the order of the list, then others that are heard. */
  readonly rows: readonly Row[];
  /** The place of this node in the list; -1: it has none. */
  readonly ownIndex: number;
  /** The mark of this node's list and quorum. */
  readonly mark: string;
  /** The members that tell whom of this same list they hear. */
  readonly tellers: ReadonlySet<Member>;
  /** The nodes without a lease that are heard: of these nobody tells whether they are heard. */
  readonly seqless: ReadonlySet<string>;
  /** The nodes that are heard and not listed. */
  readonly unlisted: readonly string[];
  /** The first row of each valor. */
  readonly byValor: ReadonlyMap<number, Row>;
}

/** Looks through the nodes once, so that the work for each row does not grow with their number. */
export function sceneOf(sources: RosterSources): RosterScene {
  const { config } = sources;
  const rows = rowsOf(sources);
  const mark = configMark(config.voters, config.quorum);
  const members = rows.flatMap(({ member }) => member ?? []);
  const byValor = new Map<number, Row>();
  for (const row of rows) {
    const valor = valorOf(row, config);
    if (!byValor.has(valor)) byValor.set(valor, row);
  }
  return {
    ...sources,
    rows,
    mark,
    ownIndex: config.voters.indexOf(config.node ?? ""),
    tellers: new Set(
      members.filter(({ said }) => said.hears !== undefined && said.config === mark),
    ),
    seqless: new Set(
      rows.filter(({ isThis, member }) => isThis ? config.lease === "off" : member?.said.seq === 0)
        .map(({ node }) => node),
    ),
    unlisted: rows.filter(({ isListed }) => !isListed).map(({ node }) => node),
    byValor,
  };
}

/** The rank of a node: this node's as it is configured, that of others as they say; 0: none. */
export function valorOf({ isThis, member }: Row, { valor }: Pick<LegionConfig, "valor">): number {
  return isThis ? valor : member?.valor ?? 0;
}

/** Whether a node's bit is set in the map of the nodes that a member hears. */
export function isHeardBy({ said: { hears = 0n } }: Member, index: number): boolean {
  return index >= 0 && ((hears >> BigInt(index)) & 1n) > 0n;
}

function rowsOf({ config, view: { members } }: RosterSources): Row[] {
  const { voters, nodes, address, node: own } = config;
  const listed = new Set(voters);
  const order = nodes.map(normalAddress).filter((node) => listed.has(node) && node !== own);
  const byNode = Map.groupBy(members, ({ said, from }) => said.node || from);
  const row = (node: string, isThis: boolean): Row => {
    const speakers = byNode.get(node) ?? [];
    const member = isThis ? undefined : speakers.toSorted(byAge)[0];
    return { node, isThis, isListed: listed.has(node), member, speakers };
  };
  const rows = [
    row(own ?? normalAddress(address), true),
    ...[...new Set(order)].map((node) => row(node, false)),
  ];
  const unheard = new Map(
    rows.flatMap((row, index) => row.isThis || row.member ? [] : [[row.node, index]]),
  );
  for (const member of members) {
    const { said, from } = member;
    if (listed.has(said.node || from)) continue;
    const stray = { isThis: false, member, speakers: [member] };
    // A node that says it is another than the list has is heard at its listed address all the same.
    const index = unheard.get(from);
    if (index !== undefined) rows[index] = { node: from, isListed: true, ...stray };
    else rows.push({ node: said.node || from, isListed: false, ...stray });
    unheard.delete(from);
  }
  return rows;
}

/** The newest process first, of members that say they are the same node: others may be gone. */
function byAge(a: Member, b: Member): number {
  return b.joinedMs - a.joinedMs || (b.uuid < a.uuid ? -1 : 1);
}
