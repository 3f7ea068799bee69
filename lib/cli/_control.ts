import { controlOf } from "../config/control.ts";
import type { Config, LegionConfig } from "../config/config.ts";
import { readConfiguration } from "../node/configuration.ts";
import { askNode, ControlRefusal, NoNode } from "../node/control_client.ts";
import type { ControlRequest } from "../node/control_message.ts";
import type { Stats } from "../status/report.ts";
import { defaultConfig } from "./default_config.ts";
import { exitStatus } from "./exit_status.ts";
import type { ParsedOptions } from "./options.ts";
import { printErrorLine, printLine } from "./print.ts";
import { UsageError } from "./usage_error.ts";

/** The part of a subcommand's help with the option that chooses the node. */
export const configOptionHelp =
  `  --config FILE[:SECTION]  the configuration of the node here (${defaultConfig})
`;

/** The part of a subcommand's help with the options that choose the node and the legion. */
export const controlOptionsHelp =
  `${configOptionHelp}  --legion NAME            only in this legion (in all of the node's)
`;

/** The node of a configuration on this machine, which takes orders at a UNIX socket. */
export interface NodeHere {
  /** The node's configuration. */
  readonly config: Config;
  /** The legions of the node that the command is about. */
  readonly legions: readonly LegionConfig[];
  /**
   * Sends the node an order; the result is its state after that.
   *
   * @throws NoNode when no node answers; ControlRefusal when the node refuses
   */
  ask(request: Pick<ControlRequest, "do" | "forSeconds" | "force">): Promise<Stats>;
}

/**
 * The node that the option `--config` chooses.
 *
 * @param legion the value of `--legion`: the only legion that the command is about
 * @throws UsageError or ConfigError when these choose none
 */
export function nodeHere(options: ParsedOptions, legion?: string): NodeHere {
  const config = readConfiguration(options.value("config") ?? defaultConfig);
  const legions = config.legions.filter(({ name }) => legion === undefined || name === legion);
  if (legions.length === 0) {
    const there = config.legions.map(({ name }) => name).join(", ");
    throw new UsageError(`there is no legion ${legion}; there are: ${there}`);
  }
  const path = controlOf(config, { env: (name) => Deno.env.get(name), uid: Deno.uid() });
  if (path === undefined) {
    throw new UsageError(
      `${config.file} does not say where the node takes orders: set XDG_RUNTIME_DIR, or ` +
        "RUNTIME_DIRECTORY, as for the node, or give it a stats socket (stats = PATH)",
    );
  }
  const by = whoAsks();
  return { config, legions, ask: (request) => askNode(path, { ...request, legion, by }) };
}

/**
 * Runs the part of a subcommand that talks to a node, and prints why where no node answers or the
 * node refuses; the result is the exit status.
 *
 * @param name the subcommand, for messages
 * @throws any other error of `run`
 */
export async function asking(
  name: string,
  options: ParsedOptions,
  run: () => Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof NoNode || error instanceof ControlRefusal)) throw error;
    if (options.flag("json")) {
      printLine(JSON.stringify({ outcome: "failed", message: error.message }));
    } else printErrorLine(`failover ${name}: ${error.message}`);
    return exitStatus.failed;
  }
}

/**
 * The name of the user who asks, for people to read. The name comes from the environment and proves
 * nothing: Deno cannot ask the kernel who is at the other end of a socket.
 */
function whoAsks(): string {
  const known = ["SUDO_USER", "USER", "LOGNAME"].map((name) => Deno.env.get(name)).find(Boolean);
  return known ?? `user ${Deno.uid()}`;
}
