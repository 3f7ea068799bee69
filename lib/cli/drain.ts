import { longestDrainSeconds } from "../node/control_message.ts";
import type { Command } from "./command.ts";
import { controlOptionsHelp, withNode } from "./_control.ts";
import { durationSeconds } from "./_duration.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { switchOver, switchOverExitHelp, timeoutMsOf } from "./_switch_over.ts";

/** `failover drain` */
export const command: Command = {
  help: `failover drain [OPTIONS]

Makes the node here stand back, before work on this server: it gives the title
up, and goes on voting. Waits until another node is lord and the address no
longer points here. The node stands back until failover resume, a stop of the
node, or a reboot; failover restart and a crash do not end it. When nobody takes
over in time, or the last node that could is gone, it is resumed, so that the
address is not without a lord; where nobody could take over now, nothing is done
(see failover help handover).

${controlOptionsHelp}  --for DURATION           resume by itself after so long, at most 7d: 90,
                           90s, 10m, 1h
  --timeout SECONDS        how long to wait (60, and the deadline of the action)
  --force                  stand back whatever speaks against it, also when
                           nobody takes over
  --json                   the result as one JSON object

Examples:
  failover drain
  failover drain --for 1h && systemctl restart nginx && failover resume
  failover drain --legion web --force

${switchOverExitHelp}`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const asked = options.value("for");
    const forSeconds = asked === undefined
      ? undefined
      : durationSeconds("--for", asked, longestDrainSeconds);
    const timeoutMs = timeoutMsOf(options.value("timeout"));
    const force = options.flag("force");
    const json = options.flag("json");
    const legion = options.value("legion");
    return await withNode({ name: "drain", options, legion }, (node) => {
      return switchOver({ name: "drain", node, forSeconds, timeoutMs, force, json });
    });
  },
};
