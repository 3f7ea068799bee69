import { MoveError } from "../../move/move_error.ts";
import { isAt, pointsWhere, type Provider } from "../../move/provider.ts";
import { changeByHand } from "./_change.ts";
import type { Command } from "../command.ts";
import { exitStatus } from "../exit_status.ts";
import { mindTheLegion } from "./_local_node.ts";
import { expectNothing, parseOptions } from "../options.ts";
import { exitStatusOfError, providerExitHelp, resultLine, type ToldResult } from "./_outcome.ts";
import { printErrorLine, printLine } from "../print.ts";
import { providerOptionsHelp } from "./_provider_options.ts";
import { Stopwatch } from "../stopwatch.ts";
import { tellNodes } from "./_tell_nodes.ts";
import { type Target, targetOf } from "./_target.ts";
import { UsageError } from "../usage_error.ts";

/** `failover takeover`: routes an address to a server. */
export const command: Command = {
  help: `failover takeover --ip ADDRESS [OPTIONS]

Routes a failover address to a server by hand, and waits until its provider says
that it points there. A switch takes up to a minute.

  --ip ADDRESS             the failover address, or the net address of a
                           failover subnet; in the Cloud also the name or id of
                           a floating IP, as the configuration has it
  --to SERVER              the server's main address, of a subnet the net
                           address of its main IPv6 subnet; in the Cloud its id
                           or name (else the configuration's server)
  --dry-run                only ask where it points, and say what would be done
  --force                  also where the node here runs and is not the lord
  --json                   the result as one JSON object
${providerOptionsHelp}
Examples:
  failover takeover --ip 4.4.4.4
  failover takeover --ip 4.4.4.4 --to 2.2.2.2 --dry-run
  failover takeover --ip 4.4.4.4 --to 2.2.2.2 --user FOO --password-file pw
  failover takeover --ip 131.232.99.1 --to web2 --token-file /root/cloud-token

${providerExitHelp}`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const target = await targetOf(options);
    const to = destination(target, options.value("to"));
    const json = options.flag("json");
    const { provider } = target;
    if (options.flag("dry-run")) return await dryRun(provider, to, json);
    await mindTheLegion(target, to, options.flag("force"));
    return await changeByHand({
      name: "takeover",
      provider,
      to,
      json,
      moved: (pointsTo) => tellNodes(target.provider, pointsTo),
      done: "routed",
      nothingToDo: "already routed",
    });
  },
};

function destination({ provider, configured }: Target, asked: string | undefined): string {
  const to = asked ?? configured?.address.wanted;
  if (to === undefined) throw new UsageError("where to? Without a configuration --to is needed");
  const problem = provider.serverProblem(to);
  if (problem !== undefined) throw new UsageError(`--to: ${problem}`);
  return to;
}

async function dryRun(provider: Provider, asked: string, json: boolean): Promise<number> {
  const { ip } = provider;
  const stopwatch = new Stopwatch();
  let to = asked;
  if (provider.isBlind) {
    const message = `where ${ip} points is not told by the ${provider.title}: would ask for ${to}`;
    tell({ outcome: "would route", code: null, message }, message);
    return exitStatus.done;
  }
  try {
    const { pointsTo: from } = await provider.look({ timeoutMs: provider.timeoutMs });
    to = provider.serverName(asked);
    const there = isAt(provider, from, to);
    const points = pointsWhere({ ip, pointsTo: from });
    const message = `${points}: ${there ? "nothing would be done" : `would route it to ${to}`}`;
    const outcome = there ? "already routed" : "would route";
    tell({ from, outcome, code: null, message }, message);
    return exitStatus.done;
  } catch (error) {
    if (!(error instanceof MoveError)) throw error;
    const { code, message } = error;
    const status = exitStatusOfError(provider.meaning(error));
    const outcome = status === exitStatus.failed ? "refused" : "try later";
    tell({ outcome, code, message });
    if (!json) printErrorLine(`failover takeover: ${outcome}: ${code}: ${message}`);
    return status;
  }

  function tell(found: Omit<ToldResult, "ip" | "to" | "seconds" | "posts">, words?: string): void {
    const { seconds } = stopwatch;
    if (json) printLine(resultLine({ ip, to, ...found, seconds, posts: 0 }));
    else if (words !== undefined) printLine(words);
  }
}
