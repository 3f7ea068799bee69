import { green, red, yellow } from "@std/fmt/colors";
import { Invalid } from "../base/invalid.ts";
import { parseSeconds } from "../base/number.ts";
import type { Config } from "../config/config.ts";
import { namedLegions } from "../config/load.ts";
import { NoNode } from "../node/control_client.ts";
import { chooseNode } from "./choose_node.ts";
import type { Command } from "./command.ts";
import { defaultConfig } from "./default_config.ts";
import type { Answer } from "./doctor/answer.ts";
import { readConfigHere } from "./doctor/configuration.ts";
import type { NodeHere } from "./doctor/node_here.ts";
import { askAll } from "./doctor/questions.ts";
import { answerLines, type AnswerStyle, asciiSigns, takesUtf8, utf8Signs } from "./doctor/shown.ts";
import { askConfigured } from "./find_node.ts";
import { exitStatus } from "./exit_status.ts";
import { hostsHere } from "./hosts_here.ts";
import { lookedUp } from "./_look_up.ts";
import { nodesHere, surroundings } from "./nodes_here.ts";
import { expectNothing, type ParsedOptions, parseOptions } from "./options.ts";
import { printLine, printStyled } from "./print.ts";
import { ownExecutable } from "./self.ts";
import { outputColumns } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { version } from "./version.ts";

/** `failover doctor` */
export const command: Command = {
  help: `failover doctor [OPTIONS]

Asks everything that can be asked from here: whether the configuration is right,
and readable for the node's user; whether addresses, port, firewall, clock, unit
and provider are as they should be; and what the node here says of itself and of
the others. Each answer is a line that begins with + (right), ! (worth knowing,
or not known) or x (wrong), or signs like these where the locale is UTF-8; below
it stands the command that mends it. Nothing is changed. It can be asked before
the first start, too, and knows more as root.

  --config FILE[:SECTION]  the node's configuration (${defaultConfig})
  --look                   also look once where each address points; looks are
                           counted, for all nodes together, so it is not done
                           unasked
  --timeout SECONDS        for everything (5)
  --json                   the answers as JSON: sign (ok, note, wrong), what,
                           why, remedy, topic

Examples:
  failover doctor
  failover doctor --look
  failover doctor --json | jq -r '.answers[] | select(.sign == "wrong") | .why'

Exit status: 0 nothing is wrong; 1 something is; 2 wrong usage.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const spec = options.value("config") ?? defaultConfig;
    const patienceMs = timeoutOf(options);
    const read = readConfigHere(spec);
    const answers = await askAll({
      spec,
      read,
      askNode: () => askNode(read.config, spec),
      hosts: hostsHere(),
      version,
      installed: installedAt(),
      uid: Deno.uid(),
      patienceMs,
      look: options.flag("look") ? (...of) => lookedUp(...of, true) : undefined,
    });
    const isWell = answers.every(({ sign }) => sign !== "wrong");
    const isTold = options.flag("json")
      ? printLine(JSON.stringify({ version, ok: isWell, answers }))
      : printStyled(answerLines(answers, style()));
    return isTold && isWell ? exitStatus.done : exitStatus.failed;
  },
};

function timeoutOf(options: ParsedOptions): number {
  const text = options.value("timeout");
  if (text === undefined) return 5_000;
  try {
    return parseSeconds(text);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new UsageError(`--timeout: ${error.message}`);
  }
}

/** When this executable was put where it is, in wall clock seconds; undefined: it runs from source. */
function installedAt(): number | undefined {
  const path = ownExecutable();
  try {
    const { mtime } = path === undefined ? { mtime: null } : Deno.statSync(path);
    return mtime === null ? undefined : mtime.getTime() / 1000;
  } catch {
    return undefined;
  }
}

/** Asks the node of a configuration; where that does not tell which it is, the only one here. */
async function askNode(config: Config | undefined, spec: string): Promise<NodeHere> {
  const legions = config?.legions ?? namedLegions(spec);
  const wanted = { config: legions.length === 0 ? undefined : legions };
  const here = await nodesHere();
  try {
    const command = "failover status";
    return { stats: chooseNode({ here, wanted, command, at: surroundings }).stats };
  } catch (error) {
    if (error instanceof UsageError) return { why: error.message, is: "several" };
    if (!(error instanceof NoNode)) throw error;
    const stats = config === undefined ? undefined : await askConfigured(config);
    if (stats !== undefined) return { stats };
    const is = error.isForbidden ? "closed" : error.isHanging ? "hanging" : "silent";
    return { why: error.message, is };
  }
}

function style(): AnswerStyle {
  const signs = takesUtf8((name) => Deno.env.get(name)) ? utf8Signs : asciiSigns;
  const isPlain = !Deno.stdout.isTerminal() || Deno.noColor;
  const colours: Readonly<Record<Answer["sign"], (text: string) => string>> = {
    ok: green,
    note: yellow,
    wrong: red,
  };
  const paint: AnswerStyle["paint"] = (sign, text) => isPlain ? text : colours[sign](text);
  return { signs, paint, width: outputColumns() };
}
