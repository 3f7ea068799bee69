import { lordAddressesIn } from "../node/configuration.ts";
import type { Command } from "./command.ts";
import { type NodeHere, withNode } from "./_control.ts";
import { exitStatus } from "./exit_status.ts";
import { nodeOptionsHelp } from "./find_node.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { printErrorLine, printLine } from "./print.ts";
import { ProgressLine } from "./progress.ts";
import { timeoutMsOf } from "./_switch_over.ts";
import { UsageError } from "./usage_error.ts";
import { type LegionReturn, waitForReturn } from "./_wait_for_return.ts";

const leastWaitMs = 60_000;

/** `failover restart` */
export const command: Command = {
  help: `failover restart [OPTIONS]

Starts the node here again, for an upgrade or what a reload cannot change. No
other node takes over: the node ends without taking leave, its supervisor
(systemd) starts it again, and it goes on as what it was. Waits until then, and
says how long that took. Nothing is done where the configuration is wrong,
nothing would start the node again, it cannot remember what it was, or the
program that is installed now does not accept the configuration.

${nodeOptionsHelp}  --timeout SECONDS        how long to wait (60, and the deadline of the action)
  --force                  end the node whatever speaks against it
  --json                   the result as one JSON object

Examples:
  failover restart
  install -m 755 failover /usr/local/bin/failover && failover restart

Exit status: 0 the node is again what it was; 1 no node runs here, it refused,
the configuration is wrong, or another node has become lord meanwhile; 2 wrong
usage, or a wrong file with --config: nothing was done; 75 it is not yet what it
was.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const timeoutMs = timeoutMsOf(options.value("timeout"));
    const force = options.flag("force");
    const json = options.flag("json");
    return await withNode({ name: "restart", options }, async (node) => {
      const { config, trouble } = node.config();
      if (options.value("config") !== undefined && config === undefined && !force) {
        throw new UsageError(trouble);
      }
      return tell(await restart(node, force, timeoutMs), json);
    });
  },
};

async function restart(
  node: NodeHere,
  force: boolean,
  timeoutMs = leastWaitMs + deadlineMs(node),
): Promise<LegionReturn[]> {
  using line = new ProgressLine();
  line.show("the node tries its next process");
  const before = await node.ask({ do: "restart", force });
  const askedMs = performance.now();
  return await waitForReturn({
    ask: () => node.askNext(askedMs),
    before,
    askedMs,
    timeoutMs,
    tell: (what) => line.show(what),
  });
}

/** The longest time that a lord's actions may take to look at its addresses. */
function deadlineMs(node: NodeHere): number {
  const { config } = node.config();
  const all = config === undefined ? [] : lordAddressesIn(config);
  return Math.max(0, ...all.map(({ address }) => address.deadlineMs));
}

function tell(returns: readonly LegionReturn[], json: boolean): number {
  const { outcome, code } = outcomeOf(returns.map(({ kind }) => kind));
  const seconds = Math.max(...returns.map((each) => each.seconds));
  const message = messageOf(returns);
  const notes = returns.filter(({ kind }) => kind === "new")
    .map(({ legion }) => `${legion}: it came back as a new node, with another uuid`);
  if (json) {
    printLine(JSON.stringify({ outcome, legions: returns, message, notes, seconds }));
    return code;
  }
  for (const note of notes) printErrorLine(`note: ${note}`);
  if (code === exitStatus.done) printLine(`restarted in ${seconds.toFixed(2)} s: ${message}`);
  else printErrorLine(`failover restart: after ${seconds.toFixed(2)} s: ${message}`);
  return code;
}

function outcomeOf(kinds: readonly LegionReturn["kind"][]): { outcome: string; code: number } {
  if (kinds.includes("lost")) return { outcome: "lost", code: exitStatus.failed };
  if (kinds.includes("missing")) return { outcome: "not yet", code: exitStatus.tryAgain };
  return { outcome: "done", code: exitStatus.done };
}

/** The node's part in each legion; the time of each, where they are several. */
function messageOf(returns: readonly LegionReturn[]): string {
  if (returns.length === 1) return returns[0].what;
  return returns.map(({ what, seconds }) => `${what} (${seconds.toFixed(2)} s)`).join("; ");
}
