import { standsBackText } from "../status/stands_back.ts";
import type { Command } from "./command.ts";
import { controlOptionsHelp, withNode } from "./_control.ts";
import { exitStatus } from "./exit_status.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { printLine } from "./print.ts";

/** `failover resume` */
export const command: Command = {
  help: `failover resume [OPTIONS]

Ends a drain: the node here may be lord again, once its checks pass. The option legion-failback
decides whether it takes the title back.

${controlOptionsHelp}  --json                   the result as one JSON object

Examples:
  failover resume
  failover resume --legion web

Exit status: 0 done, or it was not drained; 1 no node runs here, or it refused; 2 wrong usage or
configuration, nothing was done.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const legion = options.value("legion");
    return await withNode({ name: "resume", options, legion }, async (node) => {
      const before = await node.ask({ do: "status" });
      const after = await node.ask({ do: "resume" });
      const messages = node.legions.map((name) => {
        const was = before.legions.find(({ legion }) => legion === name)?.drained;
        const rest = after.legions.find(({ legion }) => legion === name)?.stands_back ?? [];
        const still = rest.length === 0
          ? ""
          : `, and stands back: ${rest.map(standsBackText).join("; ")}`;
        return `${name}: ${was ? `resumed, was drained by ${was.by}` : "was not drained"}${still}`;
      });
      const message = messages.join("; ");
      printLine(options.flag("json") ? JSON.stringify({ outcome: "done", message }) : message);
      return exitStatus.done;
    });
  },
};
