import { noUuid } from "../legion/announcement.ts";
import type { Member } from "../legion/membership.ts";
import type { NodeRole, NodeStats } from "../status/node_stats.ts";
import { troublesOf, withAlike } from "./node_troubles.ts";
import {
  isHeardBy,
  type RosterScene,
  type RosterSources,
  type Row,
  sceneOf,
} from "./roster_scene.ts";

/**
 * All nodes of a legion: this node, the listed ones in the order of the list, then others that are
 * heard. Troubles whose time is not known say 0 for it.
 */
export function rosterOf(sources: RosterSources): NodeStats[] {
  const scene = sceneOf(sources);
  const others = scene.rows.slice(1).map((row) => otherStats(row, scene));
  return withAlike([ownStats(scene), ...others]);
}

function ownStats(scene: RosterScene): NodeStats {
  const { config, name, version, view, rows, now } = scene;
  const [own] = rows;
  const heard = new Set(rows.flatMap((row) => row.isThis || row.member ? [row.node] : []));
  return {
    node: own.node,
    is_this: true,
    listed: own.isListed,
    name,
    valor: view.valor,
    role: ownRole(scene),
    kind: "failover",
    version,
    stands_back: [...new Set(view.reasons.map(({ kind }) => kind))],
    last_heard: Math.floor(now.wallMs / 1000),
    hears: config.voters.filter((voter) => heard.has(voter)),
    troubles: troublesOf(own, scene),
  };
}

function ownRole({ state, config }: RosterScene): NodeRole {
  if (state !== "follower" && state !== "candidate") return state;
  return config.valor === 0 ? "arbiter" : "follower";
}

function otherStats(row: Row, scene: RosterScene): NodeStats {
  const { node, isListed: listed, member } = row;
  const troubles = troublesOf(row, scene);
  if (member === undefined) {
    const { heard, heardBefore, losses } = scene;
    const last = heard.get(node);
    return {
      node,
      is_this: false,
      listed,
      name: last?.name ?? heardBefore.get(node) ?? losses.drops.get(node)?.name ?? "",
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
    role: roleOf(member, scene),
    kind: said.seq > 0 ? "failover" : "uwsgi",
    version: said.aside?.version ?? "",
    stands_back: said.aside?.back ?? [],
    last_heard: Math.floor(heardWallMs / 1000),
    hears: hearsOf(member, scene),
    troubles,
  };
}

function roleOf({ said, lordSince, joinedMs }: Member, { config, now }: RosterScene): NodeRole {
  if (lordSince > 0) return "lord";
  if (said.claim) return "taking over";
  const isNew = now.monotonicMs < joinedMs + config.toleranceMs;
  if (isNew && said.lordUuid === noUuid && said.support === undefined) return "listening";
  if (said.valor > 0) return "follower";
  return (said.aside?.back ?? []).length > 0 ? "stands back" : "arbiter";
}

/**
 * The listed nodes that a member hears; null: not told. A list of another order tells nothing here,
 * and of nodes without a lease none tells: they are taken as heard.
 */
function hearsOf(member: Member, { tellers, seqless, config: { voters } }: RosterScene) {
  if (!tellers.has(member)) return null;
  return voters.filter((voter, index) => isHeardBy(member, index) || seqless.has(voter));
}
