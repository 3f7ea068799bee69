import { printable } from "../base/printable.ts";
import { NoNode } from "../node/control_client.ts";
import type { LegionStats, Stats } from "../status/report.ts";
import { askStatus, statusOptionsHelp } from "./ask_status.ts";
import type { Command } from "./command.ts";
import { exitStatus } from "./exit_status.ts";
import { noAnswerText } from "./no_answer_text.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { printErrorLine, printLine } from "./print.ts";
import { UsageError } from "./usage_error.ts";

/** `failover lord` */
export const command: Command = {
  help: `failover lord [OPTIONS]

Says in one line, and by its exit status, whether the node on this machine is
lord of its legion at this moment: for jobs that are to run on the lord alone.
The node itself is asked, by its socket, as failover status does; its user's
group may ask. A node that is taking over, stands back or stops is no lord, and
so is one whose lease has run out.

${statusOptionsHelp}  --json                   the answer as one JSON object
  --quiet                  no line, so that cron has none to mail

Examples:
  failover lord --legion web
  * * * * * failover lord --quiet --legion web && /usr/local/bin/job

Exit status: 0 lord; 1 not; 2 wrong usage, or several nodes or legions here; 75
it cannot be told: no node answers, or no right to ask.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    try {
      const note = (words: string) => printErrorLine(`note: ${words}`);
      const stats = await askStatus(options, note, "failover lord");
      const legion = legionIn(stats, options.value("legion"));
      const isLord = legion.state === "lord";
      if (!options.flag("quiet")) {
        printLine(options.flag("json") ? JSON.stringify(answerOf(legion)) : lineOf(legion));
      }
      return isLord ? exitStatus.done : exitStatus.failed;
    } catch (error) {
      if (!(error instanceof NoNode)) throw error;
      printErrorLine(`failover lord: ${noAnswerText(error)}`);
      return exitStatus.tryAgain;
    }
  },
};

/** The legion that is meant. @throws UsageError where it is not said which of several is */
function legionIn({ legions }: Stats, name: string | undefined): LegionStats {
  const names = legions.map(({ legion }) => legion);
  if (name === undefined && legions.length > 1) {
    const hints = names.map((each) => `  failover lord --legion ${each}`);
    throw new UsageError(`the node is in ${legions.length} legions: say which is meant`, hints);
  }
  return legions.find(({ legion }) => name === undefined || legion === name)!;
}

function lineOf({ legion, name, state, why_not_lord }: LegionStats): string {
  return printable(
    state === "lord"
      ? `${legion}: this node, ${name}, is the lord`
      : `${legion}: this node, ${name}, is not the lord: ${why_not_lord}`,
  );
}

function answerOf({ legion, name, state, why_not_lord, i_am_the_lord, lords }: LegionStats) {
  const lord = state === "lord";
  return { legion, name, lord, since: lord ? i_am_the_lord : 0, state, why_not_lord, lords };
}
