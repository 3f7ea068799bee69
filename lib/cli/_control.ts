import { userName } from "../base/account_name.ts";
import { askNode, ControlRefusal, NoNode } from "../node/control_client.ts";
import type { ControlRequest } from "../node/control_message.ts";
import type { Stats } from "../status/report.ts";
import { isOfConfig, nodeHints, orderTo } from "./choose_node.ts";
import { type ConfigHere, configHere } from "./config_here.ts";
import { defaultConfig } from "./default_config.ts";
import { exitStatus } from "./exit_status.ts";
import { findNode, type FoundNode, nodeOptionsHelp } from "./find_node.ts";
import { noAnswerText } from "./no_answer_text.ts";
import { nodesIn } from "./nodes_here.ts";
import type { ParsedOptions } from "./options.ts";
import { printErrorLine, printLine } from "./print.ts";
import { UsageError } from "./usage_error.ts";

/** The part of a subcommand's help with the options that choose the node and the legion. */
export const controlOptionsHelp =
  `${nodeOptionsHelp}  --legion NAME            only in this legion (in all of the node's)
`;

/** A command that gives the node here an order. */
export interface OrderCommand {
  /** The subcommand: `drain`. */
  readonly name: string;
  /** The options of the command line. */
  readonly options: ParsedOptions;
  /** The value of `--legion`: the only legion that the command is about. */
  readonly legion?: string;
}

/** The node on this machine that a command is about. It takes orders at a UNIX socket. */
export interface NodeHere {
  /** The names of the node's legions that the command is about. */
  readonly legions: readonly string[];
  /**
   * Reads the node's configuration. There is none, with the reason in `trouble`, where it cannot be
   * used, or is that of another node.
   */
  config(): ConfigHere;
  /**
   * Sends the node an order; the result is its state after that.
   *
   * @throws NoNode when no node answers; ControlRefusal when the node refuses
   */
  ask(request: Pick<ControlRequest, "do" | "forSeconds" | "force">): Promise<Stats>;
  /**
   * Asks the next process of the node for its state, whatever address that listens on: it may have
   * been started again for another one.
   *
   * @param sinceMs the moment from which on it began, as by `performance.now()`
   * @throws NoNode while there is none
   */
  askNext(sinceMs: number): Promise<Stats>;
}

/**
 * Finds the node that a command is about, and runs the command's part that talks to it. Where no
 * node answers, or the node refuses, the reason is printed; the result is the exit status.
 *
 * @throws UsageError where it is not said which node is meant; any other error of `run`
 */
export async function withNode(
  command: OrderCommand,
  run: (node: NodeHere) => Promise<number>,
): Promise<number> {
  const { name, options } = command;
  try {
    return await run(await nodeHere(command));
  } catch (error) {
    if (!(error instanceof NoNode || error instanceof ControlRefusal)) throw error;
    const { message } = error;
    const told = error instanceof NoNode ? noAnswerText(error) : message;
    if (options.flag("json")) printLine(JSON.stringify({ outcome: "failed", message }));
    else printErrorLine(`failover ${name}: ${told}`);
    return exitStatus.failed;
  }
}

async function nodeHere({ name, options, legion }: OrderCommand): Promise<NodeHere> {
  const found = await findNode(`failover ${name}`, options, legion);
  refuseGuess(found, `failover ${name}`, options.value("node") ?? legion);
  const { sockets: { control, node: address, folder }, stats } = found;
  const to = orderTo(found);
  const by = whoAsks();
  const ask: NodeHere["ask"] = (request) => askNode(control, { ...request, to, legion, by });
  const spec = options.value("config") ?? defaultConfig;
  return {
    legions: legion === undefined ? stats.legions.map((own) => own.legion) : [legion],
    config: () => ofNode(found.given ?? configHere(spec), spec, stats),
    ask,
    async askNext(sinceMs) {
      const { answering } = await nodesIn(folder);
      const next = answering.filter(({ stats: next }) =>
        next.uptime_seconds * 1000 < performance.now() - sinceMs && next.name === stats.name &&
        next.legions.some(({ legion }) => stats.legions.some((was) => was.legion === legion))
      );
      const same = next.find(({ sockets }) => sockets.node === address) ?? next.at(0);
      if (same === undefined) throw new NoNode("it has not begun yet");
      return same.stats;
    },
  };
}

/**
 * Gives a node no order where the configuration that was to choose it does not say which it is:
 * the only node here may be another one.
 *
 * @throws UsageError with what to type
 */
function refuseGuess({ given, ...node }: FoundNode, command: string, said?: string): void {
  if (given === undefined || given.legions.length > 0 || said !== undefined) return;
  const why = `${given.trouble}; so it does not say which node is meant. There is:`;
  throw new UsageError(why, nodeHints([node], command));
}

function ofNode(read: ConfigHere, spec: string, { legions }: Stats): ConfigHere {
  if (read.config === undefined || isOfConfig(legions, read.legions)) return read;
  return { trouble: `${spec} is the configuration of another node`, legions: read.legions };
}

/**
 * The name of the user who asks, for people to read. The name comes from the environment and proves
 * nothing: Deno cannot ask the kernel who is at the other end of a socket.
 */
function whoAsks(): string {
  const known = ["SUDO_USER", "USER", "LOGNAME"].map((name) => Deno.env.get(name)).find(Boolean);
  return known ?? userName(Deno.uid() ?? 0);
}
