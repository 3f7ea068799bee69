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

/** The part of a subcommand's help with the options that say which node is meant. */
export const controlOptionsHelp =
  `  --config FILE[:SECTION]  the configuration of the node here (${defaultConfig})
  --legion NAME            only in this legion (in all of the node's)
`;

/** The node of a configuration on this machine, which takes orders at a UNIX socket. */
export interface NodeHere {
  readonly config: Config;
  /** Those that are meant. */
  readonly legions: readonly LegionConfig[];
  /** Asks it for something; the result is how it is after that. */
  ask(request: Pick<ControlRequest, "do" | "forSeconds">): Promise<Stats>;
}

/** @throws UsageError or ConfigError when it cannot be told which node is meant */
export function nodeHere(options: ParsedOptions): NodeHere {
  const config = readConfiguration(options.value("config") ?? defaultConfig);
  const legion = options.value("legion");
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
 * Does something with a node, and tells where there is none or it refuses.
 *
 * @param name The subcommand, for messages
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

/** What the kernel knows of who asks cannot be had: this is for people to read, not to be relied on. */
function whoAsks(): string {
  const known = ["SUDO_USER", "USER", "LOGNAME"].map((name) => Deno.env.get(name)).find(Boolean);
  return known ?? `user ${Deno.uid()}`;
}
