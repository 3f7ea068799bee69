import { changeByHand } from "./_change.ts";
import type { Command } from "../command.ts";
import { mindTheLegion } from "./_local_node.ts";
import { expectNothing, parseOptions } from "../options.ts";
import { providerExitHelp } from "./_outcome.ts";
import { printError } from "../print.ts";
import { providerOptionsHelp } from "./_provider_options.ts";
import { tellNodes } from "./_tell_nodes.ts";
import { targetOf } from "./_target.ts";
import { UsageError } from "../usage_error.ts";

/** `failover release`: routes an address to no server. */
export const command: Command = {
  help: `failover release --ip ADDRESS [OPTIONS]

Drops the routing of a failover address: it then points to no server, and nobody
serves it.

  --ip ADDRESS             the failover address, or the net address of a
                           failover subnet; in the Cloud also the name or id of
                           a floating IP, as the configuration has it
  --yes                    do not ask; needed where there is no terminal
  --force                  also where the node here runs and is not the lord
  --json                   the result as one JSON object
${providerOptionsHelp}
Examples:
  failover release --ip 4.4.4.4
  failover release --ip 4.4.4.4 --yes --json

${providerExitHelp}`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const target = await targetOf(options);
    await mindTheLegion(target, null, options.flag("force"));
    if (!options.flag("yes")) confirmed(target.provider.ip);
    return await changeByHand({
      name: "release",
      provider: target.provider,
      to: null,
      json: options.flag("json"),
      moved: () => tellNodes(target.provider),
      done: "released",
      nothingToDo: "already released",
    });
  },
};

/** Asks on standard error, since standard output is for the answer. */
function confirmed(ip: string): void {
  if (!Deno.stdin.isTerminal() || !Deno.stderr.isTerminal()) {
    throw new UsageError("there is no terminal to ask at: give --yes");
  }
  printError(`Drop the routing of ${ip}? Nobody will serve it. [y/N] `);
  const buffer = new Uint8Array(16);
  const read = Deno.stdin.readSync(buffer) ?? 0;
  const answer = new TextDecoder().decode(buffer.subarray(0, read)).trim();
  if (!/^y(es)?$/i.test(answer)) throw new UsageError("nothing was done");
}
