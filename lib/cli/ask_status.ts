import type { Listen } from "../base/listen.ts";
import { errorMessage } from "../base/error_message.ts";
import { isoSeconds } from "../base/iso_seconds.ts";
import { formatAddress } from "../config/address.ts";
import { statsAddress } from "../config/stats_address.ts";
import { NoNode } from "../node/control_client.ts";
import { lastFailedStart } from "../node/failed_starts.ts";
import { askStats } from "../status/client.ts";
import type { Stats } from "../status/report.ts";
import { configHere } from "./config_here.ts";
import { defaultConfig } from "./default_config.ts";
import { askConfigured, findNode, nodeOptionsHelp } from "./find_node.ts";
import { foldersOf, noRight, surroundings } from "./nodes_here.ts";
import type { ParsedOptions } from "./options.ts";
import { UsageError } from "./usage_error.ts";

/** The part of a subcommand's help with the options that {@link askStatus} goes by. */
export const statusOptionsHelp =
  `${nodeOptionsHelp}  --legion NAME            the node in this legion
  --stats ADDRESS          ask there: host:port, or the path of a socket
  --http                   with --stats: it answers as HTTP (stats-http)
`;

/**
 * Asks the node that the options choose for its status: at `--stats`, else at its own socket, else
 * where its configuration says.
 *
 * @param options those of {@link statusOptionsHelp}
 * @param note told in words where a configuration that was given could not choose the node
 * @param command the words of a hint before `--node`, where several nodes run here
 * @throws NoNode when none answers; UsageError where it is not said which of several is meant, or it
 * is asked in the wrong way
 */
export async function askStatus(
  options: ParsedOptions,
  note: (words: string) => void = () => {},
  command = "failover status",
): Promise<Stats> {
  const at = options.value("stats");
  const stats = at === undefined
    ? await askHere(options, note, command)
    : await askAt(listenAt(at, options), options.flag("http"));
  const legion = options.value("legion");
  const names = stats.legions.map(({ legion: own }) => own);
  if (legion === undefined || names.includes(legion)) return stats;
  throw new UsageError(`the node is not in the legion ${legion}; there are ${names.join(", ")}`);
}

async function askHere(
  options: ParsedOptions,
  note: (words: string) => void,
  command: string,
): Promise<Stats> {
  if (options.flag("http")) throw new UsageError("--http needs --stats");
  const spec = options.value("config") ?? defaultConfig;
  try {
    const { stats, given } = await findNode(command, options, options.value("legion"));
    if (given?.legions.length === 0) note(`${given.trouble}; the only node here was asked`);
    return stats;
  } catch (error) {
    if (!(error instanceof NoNode) || options.value("node") !== undefined) throw error;
    const { config, trouble } = configHere(spec);
    const stats = config === undefined ? undefined : await askConfigured(config);
    if (stats === undefined) throw whyNone(error, trouble);
    return stats;
  }
}

/**
 * The reason why no node answers: the mistake in the configuration for which none starts, or why the
 * last start failed.
 */
function whyNone(error: NoNode, trouble: string): NoNode {
  const { message, isForbidden, isHanging } = error;
  if (isForbidden || isHanging) return error;
  const isToldOf = trouble === "" || trouble.endsWith(isMissing) || message.includes(trouble);
  const why = isToldOf ? lastStart() : trouble;
  return why === undefined ? error : new NoNode(`${message}; ${why}`);
}

function lastStart(): string | undefined {
  const failed = lastFailedStart(foldersOf(surroundings));
  if (failed === undefined) return undefined;
  return `a start here failed at ${isoSeconds(failed.wallMs / 1000)}: ${failed.why}`;
}

// A configuration that nobody has named need not be there.
const isMissing = "there is no such file";

/** @throws NoNode; UsageError where the node tells its status in the other way */
async function askAt(listen: Listen, http: boolean): Promise<Stats> {
  try {
    return await askStats(listen, http);
  } catch (error) {
    const at = "path" in listen ? listen.path : formatAddress(listen.address);
    if (await askStats(listen, !http).then(() => true, () => false)) {
      const [how, right] = http
        ? ["does not tell its status by HTTP", "no --http"]
        : ["tells its status by HTTP (stats-http)", "--http"];
      throw new UsageError(`the node at ${at} ${how}: right would be ${right}`);
    }
    const isForbidden = error instanceof Deno.errors.PermissionDenied;
    if (isForbidden && "path" in listen) throw new NoNode(noRight(at), true);
    throw new NoNode(`no node answers at ${at}: ${errorMessage(error)}`, isForbidden);
  }
}

function listenAt(text: string, options: ParsedOptions): Listen {
  if (options.value("node") !== undefined) {
    throw new UsageError("--stats does not go with --node: either says which node is meant");
  }
  try {
    return statsAddress(text);
  } catch (error) {
    throw new UsageError(`--stats: ${errorMessage(error)}`);
  }
}
