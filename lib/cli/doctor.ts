import { green, red, yellow } from "@std/fmt/colors";
import { errorMessage } from "../base/error_message.ts";
import { Invalid } from "../base/invalid.ts";
import { parseSeconds } from "../base/number.ts";
import { formatAddress } from "../config/address.ts";
import type { Config } from "../config/config.ts";
import { statsOf } from "../config/default_stats.ts";
import { askStats } from "../status/client.ts";
import type { Command } from "./command.ts";
import { defaultConfig } from "./default_config.ts";
import type { Answer } from "./doctor/answer.ts";
import { readConfigHere } from "./doctor/configuration.ts";
import type { NodeHere } from "./doctor/node_here.ts";
import { askAll } from "./doctor/questions.ts";
import { answerLines, type AnswerStyle, asciiSigns, takesUtf8, utf8Signs } from "./doctor/shown.ts";
import { exitStatus } from "./exit_status.ts";
import { hostsHere } from "./hosts_here.ts";
import { lookedUp } from "./_look_up.ts";
import { expectNothing, type ParsedOptions, parseOptions } from "./options.ts";
import { printLine, printStyled } from "./print.ts";
import { UsageError } from "./usage_error.ts";
import { version } from "./version.ts";

/** `failover doctor` */
export const command: Command = {
  help: `failover doctor [OPTIONS]

Asks everything that can be asked from here: whether the configuration is right, and readable for
the node's user; whether addresses, port, firewall, clock, unit and provider are as they should be;
and what the node here says of itself and the others. Each answer is a line: what is right (+), worth
knowing (!) or wrong (x), with the command that mends it. Nothing is changed. As root it can know
more; before the first start, too, it can be asked.

  --config FILE[:SECTION]  the configuration of the node here (${defaultConfig})
  --look                   also look once where each address points; looks are counted, for all
                           nodes together, so it is not done unasked
  --timeout SECONDS        for everything (5)
  --json                   the answers as JSON: sign (ok, note, wrong), what, why, remedy, topic

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
      askNode: () => askNode(read.config),
      hosts: hostsHere(),
      version,
      uid: Deno.uid(),
      patienceMs,
      look: options.flag("look") ? lookedUp : undefined,
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

async function askNode(config: Config | undefined): Promise<NodeHere> {
  const isForbidden = true;
  if (config === undefined) {
    return { why: "the configuration does not tell where it is", isForbidden };
  }
  const listen = statsOf(config, { env: (name) => Deno.env.get(name), uid: Deno.uid() });
  if (listen === undefined) return { why: "its status socket is in no known place", isForbidden };
  const at = "path" in listen ? listen.path : formatAddress(listen.address);
  try {
    return { stats: await askStats(listen, config.statsHttp) };
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) {
      return { why: `you may not ask at ${at}`, isForbidden };
    }
    return { why: `no node answers at ${at}: ${errorMessage(error)}`, isForbidden: false };
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
  return { signs, paint: (sign, text) => isPlain ? text : colours[sign](text) };
}
