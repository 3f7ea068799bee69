import { normalAddress } from "../../config/address.ts";
import type { Config } from "../../config/config.ts";
import type { Stats } from "../../status/report.ts";
import { confirmMs } from "../../move/watch.ts";
import { isOfConfig } from "../choose_node.ts";
import { askConfigured } from "../find_node.ts";
import { nodesHere } from "../nodes_here.ts";
import type { Target } from "./_target.ts";
import { printErrorLine } from "../print.ts";
import { UsageError } from "../usage_error.ts";

/**
 * Warns when the legion would undo what is about to be done by hand.
 *
 * @param to the server that the address is to point to; null: none
 * @param force whether `--force` was given
 * @throws UsageError when the local node runs and is not lord, without `--force`
 */
export async function mindTheLegion(
  { provider: { ip }, configured }: Target,
  to: string | null,
  force: boolean,
): Promise<void> {
  if (configured === undefined) return;
  const { legion, address } = configured;
  const { verifyMs, reclaim } = address;
  const isLord = await localNodeIsLord(configured);
  if (isLord === false) {
    const why = `the node here is not the lord of ${legion.name}, which may take ${ip} back`;
    if (!force) throw new UsageError(`${why}; with --force it is done all the same`);
    printErrorLine(`warning: ${why}`);
  }
  const own = to !== null && address.same(to, address.wanted);
  if (own && isLord !== false) return;
  if (!reclaim || verifyMs === 0) return;
  const who = isLord ? "the node here is the lord and" : "a lord that runs with this configuration";
  printErrorLine(`note: ${who} takes ${ip} back within ${(verifyMs + confirmMs) / 1000} s`);
}

/** Whether the node of a configuration is lord; undefined when none runs here, or it may not be asked. */
async function localNodeIsLord(
  { config, legion }: NonNullable<Target["configured"]>,
): Promise<boolean | undefined> {
  const { stats, mute } = await localNode(config);
  const own = stats?.legions.find(({ legion: name }) => name === legion.name);
  if (own !== undefined) return own.i_am_the_lord > 0;
  // A node that listens and does not answer counts as no lord.
  const first = normalAddress(config.legions[0].address);
  return mute.some(({ sockets }) => sockets.node === first) ? false : undefined;
}

/** The status of the node of a configuration; undefined where none runs here, or it may not be asked. */
export async function localStats(config: Config): Promise<Stats | undefined> {
  return (await localNode(config)).stats;
}

async function localNode(config: Config) {
  const { answering, mute } = await nodesHere();
  const found = answering.find(({ stats }) => isOfConfig(stats.legions, config.legions));
  return { stats: found?.stats ?? await askConfigured(config), mute };
}
