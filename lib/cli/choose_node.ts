import { normalAddress } from "../config/address.ts";
import type { NamedLegion } from "../config/load.ts";
import {
  namedRuntimeFolder,
  runtimeFolder,
  runtimeFolderHint,
  type Surroundings,
} from "../config/runtime_folder.ts";
import { NoNode } from "../node/control_client.ts";
import type { Addressee } from "../node/control_message.ts";
import type { LegionStats } from "../status/report.ts";
import type { AnsweringNode, NodesHere } from "./nodes_here.ts";
import { UsageError } from "./usage_error.ts";

/** The node that a command is about, as far as its options say. */
export interface WantedNode {
  /** An address of the node, `host:port` in its normal form (`--node`). */
  readonly node?: string;
  /** The name of a legion of the node (`--legion`). */
  readonly legion?: string;
  /** The legions of its configuration (`--config`). */
  readonly config?: readonly NamedLegion[];
}

/** The things that a choice goes by. */
export interface Choice {
  /** All that was found on this machine. */
  readonly here: NodesHere;
  /** The node that is meant. */
  readonly wanted: WantedNode;
  /** The words before `--node` in a hint: `failover drain`. */
  readonly command: string;
  /** The surroundings of the one who asks. */
  readonly at: Surroundings;
}

/**
 * Chooses the node that is meant among those of this machine. A node in the folder that
 * RUNTIME_DIRECTORY names goes first: a hook means the node that runs it.
 *
 * @throws UsageError where it is not said which of several is meant, with what to type for each, or
 * where none is in the legion
 * @throws NoNode where none of those meant answers
 */
export function chooseNode(choice: Choice): AnsweringNode {
  const { here: { answering }, wanted, command, at } = choice;
  const meant = answering.filter(({ stats }) => isMeant(stats.legions, wanted));
  const named = namedRuntimeFolder(at);
  const own = meant.filter(({ sockets }) => sockets.folder === named);
  const [chosen, another] = own.length > 0 ? own : meant;
  if (another !== undefined) {
    throw new UsageError(
      `${meant.length} nodes run here: say which is meant`,
      nodeHints(meant, command),
    );
  }
  if (chosen !== undefined) return chosen;
  throw whyNone(choice);
}

/**
 * The lines that say for each node what to type: `failover drain --node 10.0.0.1:2000`. Nodes in
 * network namespaces of their own may have the same address, and then it takes their folders.
 */
export function nodeHints(nodes: readonly AnsweringNode[], command: string): string[] {
  const addresses = nodes.map(({ sockets }) => sockets.node);
  const isTwice = new Set(addresses).size < addresses.length;
  return nodes.map((node) => {
    const { folder, node: address } = node.sockets;
    const env = isTwice ? `RUNTIME_DIRECTORY=${folder} ` : "";
    return `  ${env}${command} --node ${address}   # ${described(node)}`;
  });
}

/** The addressee of an order to a node. */
export function orderTo({ sockets: { node }, stats: { legions } }: AnsweringNode): Addressee {
  return { legion: legions[0].legion, address: node };
}

/** Whether a node runs with a configuration: they have the name and address of a legion in common. */
export function isOfConfig(
  legions: readonly Pick<LegionStats, "legion" | "addr">[],
  config: readonly NamedLegion[],
): boolean {
  return config.some(({ name, address }) =>
    legions.some(({ legion, addr }) => legion === name && addr === normalAddress(address))
  );
}

function isMeant(legions: readonly LegionStats[], { node, legion, config }: WantedNode): boolean {
  return (node === undefined || legions.some(({ addr }) => addr === node)) &&
    (legion === undefined || legions.some((own) => own.legion === legion)) &&
    (config === undefined || isOfConfig(legions, config));
}

function whyNone({ here, wanted, at }: Choice): Error {
  const { answering, mute, forbidden, folders } = here;
  const { node, legion, config } = wanted;
  const addresses = config?.map(({ address }) => normalAddress(address)) ?? [];
  const silent = mute.filter(({ sockets }) => {
    return (node === undefined || sockets.node === node) &&
      (config === undefined || addresses.includes(sockets.node));
  });
  if (silent.length > 0) {
    const whys = silent.map(({ sockets, why }) => `the node at ${sockets.node}: ${why}`);
    return new NoNode(whys.join("; "), false, true);
  }
  if (forbidden.length > 0) return new NoNode(forbidden.join("; "), true);
  if (answering.length > 0) {
    const there = answering.map(described).join("; ");
    const isOther = node === undefined && config === undefined;
    if (isOther) return new UsageError(`there is no legion ${legion} here; there is: ${there}`);
    return new NoNode(`no node ${wantedText(wanted)} answers here; others do: ${there}`);
  }
  const hint = runtimeFolder(at) === undefined
    ? ` (for a node of yours set ${runtimeFolderHint})`
    : "";
  const of = node === undefined && config === undefined ? "" : ` ${wantedText(wanted)}`;
  return new NoNode(`no node${of} answers here; looked in ${folders.join(", ")}${hint}`);
}

function wantedText({ node, config = [] }: WantedNode): string {
  if (node !== undefined) return `at ${node}`;
  return `of ${
    config.map(({ name, address }) => `${name} at ${normalAddress(address)}`).join(", ")
  }`;
}

function described({ stats: { legions } }: AnsweringNode): string {
  return legions.map(({ legion, addr }) => `${legion} at ${addr}`).join(", ");
}
