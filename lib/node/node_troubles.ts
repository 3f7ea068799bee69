import { isoSeconds } from "../base/iso_seconds.ts";
import type { DropReason } from "../legion/datagram_error.ts";
import type { Member } from "../legion/membership.ts";
import { alikeHint } from "../status/alike_hint.ts";
import {
  type NodeStats,
  type NodeTrouble,
  type NodeTroubleKind,
  nodeTroubleKinds,
} from "../status/node_stats.ts";
import type { Drop } from "./losses.ts";
import { otherConfigText } from "./other_config.ts";
import { isHeardBy, type RosterScene, type Row, valorOf } from "./roster_scene.ts";

/** The kinds of trouble for which datagrams are dropped; those left out say nothing of a node. */
const kindOfDrop: Partial<Record<DropReason, NodeTroubleKind>> = {
  undecipherable: "another secret",
  size: "another secret",
  malformed: "another secret",
  forged: "forged",
  stale: "clock off",
  future: "clock off",
  unleased: "other lease",
  legion: "other config",
  long: "other config",
  crowded: "not heard by us",
  identity: "doubled",
};

/**
 * The kinds that come from a setting or the network of one side, and whether the node must be heard:
 * which side it is, is seen by the others.
 */
const sidedKinds: Partial<Record<NodeTroubleKind, { readonly heard: boolean }>> = {
  "silent": { heard: false },
  "never heard": { heard: false },
  "not heard by us": { heard: false },
  "does not hear us": { heard: true },
  "another secret": { heard: false },
  "forged": { heard: false },
  "clock off": { heard: false },
  "other config": { heard: true },
  "other tolerance": { heard: true },
  "other lease": { heard: false },
};

/** All that is wrong with a node, the worst first; since when is 0 where the facts do not tell. */
export function troublesOf(row: Row, scene: RosterScene): NodeTrouble[] {
  const { member } = row;
  const found = [
    ...row.isThis || member !== undefined ? [] : [unheard(row, scene)],
    ...member === undefined ? [] : heardTroubles(row, member, scene),
    ...doubled(row, scene),
    ...sameValor(row, scene),
  ];
  return found.sort((a, b) => nodeTroubleKinds.indexOf(a.kind) - nodeTroubleKinds.indexOf(b.kind));
}

/** Adds to a trouble that all other listed nodes have that it may well be this node's own. */
export function withAlike(roster: readonly NodeStats[]): NodeStats[] {
  const others = roster.filter(({ is_this, listed }) => listed && !is_this);
  const heard = others.filter(({ role }) => role !== "unknown");
  const isShared = (kind: NodeTroubleKind) => {
    const sided = sidedKinds[kind];
    const all = sided?.heard ? heard : others;
    return sided !== undefined && all.length > 1 &&
      all.every(({ troubles }) => troubles.some((trouble) => trouble.kind === kind));
  };
  const shared = new Set(nodeTroubleKinds.filter(isShared));
  return roster.map((node) => ({
    ...node,
    troubles: node.troubles.map((trouble) =>
      shared.has(trouble.kind) && node.listed
        ? { ...trouble, why: trouble.why + alikeHint }
        : trouble
    ),
  }));
}

/** The one reason why a listed node is not heard. */
function unheard(row: Row, scene: RosterScene): NodeTrouble {
  const { heard, heardBefore } = scene;
  const { node } = row;
  const dropped = droppedTrouble(row, scene);
  if (dropped !== undefined) return dropped;
  const last = heard.get(node);
  const since = Math.floor((last?.heardWallMs ?? 0) / 1000);
  const hints = unsentHint(node, scene);
  const witnesses = witnessesOf(node, scene);
  if (witnesses.length > 0) {
    const here = last === undefined ? "never here" : `not here since ${isoSeconds(since)}`;
    const why = `heard by ${someOf(witnesses)}, and ${here}${hints}`;
    return { kind: "not heard by us", why, since };
  }
  if (last?.hasLeft) {
    return { kind: "left", why: `stopped, gone since ${isoSeconds(since)}`, since };
  }
  if (last !== undefined) {
    return { kind: "silent", why: `silent since ${isoSeconds(since)}${hints}`, since };
  }
  const more = hints + strangersHint(scene);
  if (heardBefore.has(node)) {
    return { kind: "silent", why: `silent since before this process started${more}`, since: 0 };
  }
  return { kind: "never heard", why: `never heard${more}`, since: 0 };
}

/** Up to three names in words, of more the first two: a list may be long. */
function someOf(names: readonly string[]): string {
  const last = names.length > 3 ? `${names.length - 2} others` : names.at(-1)!;
  const first = names.slice(0, names.length > 3 ? 2 : -1);
  return first.length === 0 ? last : `${first.join(", ")} and ${last}`;
}

/** The other nodes that say they hear a node at a time when they would have dropped a silent one. */
function witnessesOf(node: string, scene: RosterScene): string[] {
  const { config: { voters, toleranceMs, freqMs }, heard, tellers } = scene;
  if (tellers.size === 0) return [];
  const index = voters.indexOf(node);
  const lastMs = heard.get(node)?.heardMs ?? -Infinity;
  return [...tellers].flatMap((member) => {
    // An announcement more may have come there.
    const droppedMs = lastMs + freqMs + 1.05 * Math.max(toleranceMs, member.said.binds);
    return isHeardBy(member, index) && member.heardMs > droppedMs ? [member.name] : [];
  });
}

/** The trouble for which the datagrams of a node are dropped now; undefined: none. */
function droppedTrouble(row: Row, scene: RosterScene): NodeTrouble | undefined {
  const { config: { toleranceMs, freqMs }, losses, now } = scene;
  const drop = losses.drops.get(row.node);
  const kind = drop && kindOfDrop[drop.reason];
  if (drop === undefined || kind === undefined || !isLately(drop, scene)) return undefined;
  // A forged one among those of a node that is heard means nothing.
  const silentMs = now.monotonicMs - (row.member?.heardMs ?? -Infinity);
  if (silentMs <= Math.max(2 * freqMs, toleranceMs / 3)) return undefined;
  return { kind, why: dropText(kind, drop, scene), since: Math.floor(drop.sinceWallMs / 1000) };
}

/** Whether datagrams are lost now, as far as can be seen between one and the next. */
function isLately({ lastMs }: Pick<Drop, "lastMs">, { config, now }: RosterScene): boolean {
  return now.monotonicMs - lastMs <= Math.max(config.toleranceMs, 3 * config.freqMs);
}

function dropText(kind: NodeTroubleKind, drop: Drop, { config }: RosterScene): string {
  switch (kind) {
    case "another secret":
      return "its datagrams have another secret, cipher or IV (legion)";
    case "forged":
      return "its datagrams have no mac, or that of another secret (legion-auth)";
    case "clock off":
      return `not heard: ${clockText(drop.aheadSeconds ?? 0, config.skewToleranceMs)}`;
    case "other lease":
      return "not heard: it runs uWSGI, or has legion-lease off, which is on here";
    default:
      return `its datagrams are dropped: ${drop.why}`;
  }
}

function clockText(aheadSeconds: number, skewToleranceMs: number): string {
  const way = aheadSeconds > 0 ? "ahead of" : "behind";
  const seconds = Math.abs(Math.round(aheadSeconds));
  return `its clock is ${seconds} s ${way} this node's, ` +
    `and ${skewToleranceMs / 1000} s are tolerated (legion-skew-tolerance)`;
}

function unsentHint(node: string, { losses, config, now }: RosterScene): string {
  const unsent = losses.unsent.get(node);
  const isNow = unsent !== undefined && now.monotonicMs - unsent.lastMs <= 2 * config.freqMs;
  return isNow ? ` (nothing can be sent to it: ${unsent.reason})` : "";
}

/** Tells of datagrams from elsewhere, which may be those of a node behind NAT that is missed. */
function strangersHint(scene: RosterScene): string {
  const kinds: Partial<Record<NodeTroubleKind, string>> = {
    "another secret": "another secret, cipher or IV",
    "forged": "no mac, or that of another secret (legion-auth),",
  };
  for (const [host, drop] of [...scene.losses.strangers].reverse()) {
    const what = kinds[kindOfDrop[drop.reason] ?? "silent"];
    if (what === undefined || !isLately(drop, scene)) continue;
    return ` (datagrams with ${what} come from ${host}, which is no listed node)`;
  }
  return "";
}

/** All that is wrong with a node that is heard. */
function heardTroubles(row: Row, member: Member, scene: RosterScene): NodeTrouble[] {
  const { config, ownIndex, tellers, seqless, heard } = scene;
  const { said } = member;
  const found: NodeTrouble[] = [];
  const add = (kind: NodeTroubleKind, why: string) => found.push({ kind, why, since: 0 });
  const isTold = tellers.has(member) && !seqless.has(config.node ?? "");
  if (ownIndex >= 0 && isTold && !isHeardBy(member, ownIndex)) {
    add("does not hear us", `does not hear this node${unsentHint(row.node, scene)}`);
  }
  const dropped = droppedTrouble(row, scene);
  if (dropped !== undefined) found.push(dropped);
  const aheadSeconds = said.unix - Math.floor(member.heardWallMs / 1000);
  if (dropped?.kind !== "clock off" && Math.abs(aheadSeconds) * 2_000 > config.skewToleranceMs) {
    add("clock off", clockText(aheadSeconds, config.skewToleranceMs));
  }
  if (config.voters.length > 0) {
    const why = configText(row, member, scene);
    if (why !== undefined) add("other config", why);
  }
  const tolerance = Math.floor(config.toleranceMs);
  const binds = said.binds || (heard.get(row.node)?.bindsMs ?? 0);
  if (binds > 0 && binds !== tolerance) {
    const [its, ours] = [binds, tolerance].map((ms) => `${ms / 1000} s`);
    add("other tolerance", `its legion-tolerance is ${its}, this node's ${ours}`);
  }
  if (config.lease === "off" && said.seq > 0) {
    add("other lease", "legion-lease is off here, and not there");
  }
  return found;
}

/** The way in which the list or quorum of a node that is heard is another; undefined: it is not. */
function configText(row: Row, { said }: Member, scene: RosterScene): string | undefined {
  const { node, isListed, speakers } = row;
  const { config, mark, unlisted } = scene;
  if (!isListed) return "it is not listed here (legion-node)";
  if (said.node !== "" && said.node !== node) {
    return `it says that it is ${said.node}, which is not listed here (legion-address, legion-node)`;
  }
  const isOther = config.lease !== "off" && said.seq > 0 && said.config !== mark;
  // A node that may be two processes names no list, and is told of as doubled.
  if (!isOther || (said.config === "" && speakers.length > 1)) return undefined;
  return otherConfigText(said.config, config, unlisted);
}

function doubled(row: Row, scene: RosterScene): NodeTrouble[] {
  const { node, isThis, isListed, speakers } = row;
  const trouble = (why: string): NodeTrouble[] => [{ kind: "doubled", why, since: 0 }];
  const told = speakers.filter(({ said }) => said.node === node);
  const names = told.map(({ name, from }) => `${name} at ${from}`).join(", ");
  if (isThis && told.length > 0) {
    return trouble(`another process says that it is this node (${names})`);
  }
  // One with the uuid of this node, as of a machine that was cloned, is no member.
  const drop = isThis ? scene.losses.drops.get(node) : undefined;
  if (drop?.reason === "identity" && isLately(drop, scene)) {
    return trouble(`another process says that it is this node (at ${drop.from})`);
  }
  if (isListed && told.length > 1) return trouble(`more than one process says it is (${names})`);
  const parted = scene.view.doubles.find((double) => double.node === node)?.names.join(", ");
  if (parted === undefined) return [];
  return trouble(`may be two processes that are parted (${parted}), until one takes leave`);
}

function sameValor(row: Row, { config, name, byValor }: RosterScene): NodeTrouble[] {
  const valor = valorOf(row, config);
  const first = byValor.get(valor);
  if (valor === 0 || first === undefined || first === row) return [];
  const other = first.isThis ? `${name}, this node,` : first.member!.name;
  return [{ kind: "same valor", why: `has valor ${valor}, as ${other} has`, since: 0 }];
}
