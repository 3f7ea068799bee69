import { Invalid } from "../base/invalid.ts";
import { normalAddress, parseAddress } from "../config/address.ts";
import type { Config } from "../config/config.ts";
import { NoNode } from "../node/control_client.ts";
import { askStats } from "../status/client.ts";
import type { Stats } from "../status/report.ts";
import { chooseNode, isOfConfig } from "./choose_node.ts";
import { type ConfigHere, configHere } from "./config_here.ts";
import { type AnsweringNode, nodesHere, surroundings } from "./nodes_here.ts";
import type { ParsedOptions } from "./options.ts";
import { UsageError } from "./usage_error.ts";

/** The part of a subcommand's help with the options that choose the node. */
export const nodeOptionsHelp =
  `  --config FILE[:SECTION]  the node of this configuration (the only one here)
  --node HOST:PORT         the node that listens there
`;

/** A node that the options of a command have chosen. */
export interface FoundNode extends AnsweringNode {
  /** The configuration that was given; undefined: none was. */
  readonly given?: ConfigHere;
}

/**
 * Finds the node that a command is about, by its sockets. No configuration is needed: one that is
 * given chooses among several.
 *
 * @param command the words before `--node` in a hint: `failover drain`
 * @param legion the value of `--legion`
 * @throws UsageError where it is not said which of several is meant
 * @throws NoNode where none of those meant answers
 */
export async function findNode(
  command: string,
  options: ParsedOptions,
  legion: string | undefined,
): Promise<FoundNode> {
  const spec = options.value("config");
  const given = spec === undefined ? undefined : configHere(spec);
  const config = given?.legions.length ? given.legions : undefined;
  const wanted = { node: nodeOf(options.value("node")), legion, config };
  const here = await nodesHere(surroundings);
  try {
    return { ...chooseNode({ here, wanted, command, at: surroundings }), given };
  } catch (error) {
    if (!(error instanceof NoNode) || config !== undefined || given === undefined) throw error;
    throw new NoNode(`${given.trouble}; ${error.message}`, error.isForbidden);
  }
}

/**
 * Asks at the address that a configuration gives its node (`stats`): a node that found no folder for
 * its sockets, as in a container, can still be asked there.
 *
 * @returns the status; undefined where no node of this configuration answers
 */
export async function askConfigured(config: Config): Promise<Stats | undefined> {
  if (config.stats === undefined) return undefined;
  try {
    const stats = await askStats(config.stats, config.statsHttp);
    return isOfConfig(stats.legions, config.legions) ? stats : undefined;
  } catch {
    return undefined;
  }
}

function nodeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return normalAddress(parseAddress(text));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new UsageError(`--node: ${error.message}`);
  }
}
