import type { Command } from "./command.ts";
import { controlOptionsHelp, withNode } from "./_control.ts";
import { exitStatus } from "./exit_status.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { printLine } from "./print.ts";

/** `failover promote` */
export const command: Command = {
  help: `failover promote [OPTIONS]

Lets the node here take the title from a lord that it outranks. Of use where the
node holds back as an arbiter: by legion-failback = NAME manual, or delay before
its time, since a lord hook failed here, or since its last process crashed.

${controlOptionsHelp}  --json                   the result as one JSON object

Examples:
  failover promote
  failover promote --legion web

Exit status: 0 it holds back no longer; 1 it does not hold back, or no node runs
here; 2 wrong usage or configuration, nothing was done.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const legion = options.value("legion");
    return await withNode({ name: "promote", options, legion }, async (node) => {
      const before = await node.ask({ do: "status" });
      await node.ask({ do: "promote" });
      const message = before.legions
        .filter(({ legion }) => node.legions.includes(legion))
        .filter(({ stands_back }) => stands_back.some(({ kind }) => kind === "holding back"))
        .map(({ legion, name }) => `${legion}: ${name} takes its own valor`).join("; ");
      printLine(options.flag("json") ? JSON.stringify({ outcome: "done", message }) : message);
      return exitStatus.done;
    });
  },
};
