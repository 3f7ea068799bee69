import type { Command } from "./command.ts";
import { controlOptionsHelp, withNode } from "./_control.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { switchOver, switchOverExitHelp, timeoutMsOf } from "./_switch_over.ts";

/** `failover handover` */
export const command: Command = {
  help: `failover handover [OPTIONS]

Hands the title of the node here to another: drains it, waits until another node
is lord and the address no longer points here, and resumes it. With
legion-failback = NAME immediate, which is what holds without that option, a
node that outranks the new lord then takes the title back at once. Nothing is
done where nobody could take over now: where no other node may be lord, another
switch of an address is running, the quota is used up, or the provider is not
available.

${controlOptionsHelp}  --timeout SECONDS        how long to wait (60, and the deadline of the action)
  --force                  hand over whatever speaks against it
  --json                   the result as one JSON object

Examples:
  failover handover
  failover handover --legion web --timeout 30

${switchOverExitHelp}`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const timeoutMs = timeoutMsOf(options.value("timeout"));
    const force = options.flag("force");
    const json = options.flag("json");
    const legion = options.value("legion");
    return await withNode({ name: "handover", options, legion }, (node) => {
      return switchOver({ name: "handover", node, timeoutMs, force, json });
    });
  },
};
