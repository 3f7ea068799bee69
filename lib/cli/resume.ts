import type { LegionStats, Stats } from "../status/report.ts";
import { standsBackText } from "../status/stands_back.ts";
import type { Command } from "./command.ts";
import { controlOptionsHelp, type NodeHere, withNode } from "./_control.ts";
import { exitStatus } from "./exit_status.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { printLine } from "./print.ts";
import { ProgressLine } from "./progress.ts";

/** `failover resume` */
export const command: Command = {
  help: `failover resume [OPTIONS]

Ends a drain: the node here may be lord again, once its checks pass. The option
legion-failback decides whether it takes the title back. Where the provider has
refused the login, or the last look or takeover of an address has failed, the
configuration is read anew, and the address looked at once more: to be run after
what was wrong is corrected. Other reasons to stand back end by themselves, and
are told.

${controlOptionsHelp}  --json                   the result as one JSON object

Examples:
  failover resume
  failover resume --legion web

Exit status: 0 done, or it was not drained; 1 no node runs here, it refused, or
the login is still refused; 2 wrong usage, nothing was done.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const legion = options.value("legion");
    return await withNode({ name: "resume", options, legion }, async (node) => {
      const before = meant(node, await node.ask({ do: "status" }));
      await node.ask({ do: "resume" });
      const after = meant(node, await retry(node, before));
      const messages = after.map((now) =>
        ended(before.find(({ legion }) => legion === now.legion)!, now)
      );
      const message = messages.join("; ");
      const failed = after.some(isRefused);
      const outcome = failed ? "refused" : "done";
      printLine(options.flag("json") ? JSON.stringify({ outcome, message }) : message);
      return failed ? exitStatus.failed : exitStatus.done;
    });
  },
};

function meant({ legions }: NodeHere, stats: Stats): LegionStats[] {
  return stats.legions.filter(({ legion }) => legions.includes(legion));
}

/** Lets the node try what failed once more, which takes a request to the provider. */
async function retry(node: NodeHere, before: readonly LegionStats[]): Promise<Stats> {
  using line = new ProgressLine();
  if (before.some(hasTrouble)) line.show("what failed is tried once more");
  return await node.ask({ do: "retry" });
}

/**
 * A line about a legion: the drain or refused login that has ended, and what else keeps the node from
 * being lord there.
 */
function ended(before: LegionStats, after: LegionStats): string {
  const { legion, drained } = before;
  const what = [
    ...drained === null ? [] : [`resumed, was drained by ${drained.by}`],
    ...isRefused(before) && !isRefused(after) ? ["the login is accepted now"] : [],
  ];
  what.push(...after.addresses.flatMap(({ ip, problem }) => {
    const had = before.addresses.some((address) => address.ip === ip && address.problem !== "");
    if (!had || isRefused(before)) return [];
    return [`${ip} was asked for: ${problem === "" ? "all is well" : problem}`];
  }));
  if (what.length === 0) {
    what.push(isRefused(after) ? "the login was tried again" : "was not drained");
  }
  const rest = after.stands_back.map(standsBackText);
  if (rest.length > 0) what.push(`this node stands back: ${rest.join("; ")}`);
  return `${legion}: ${what.join(", and ")}`;
}

function hasTrouble(legion: LegionStats): boolean {
  return isRefused(legion) || legion.addresses.some(({ problem }) => problem !== "");
}

function isRefused({ stands_back }: LegionStats): boolean {
  return stands_back.some(({ kind }) => kind === "refused");
}
