import { bold, green, red, yellow } from "@std/fmt/colors";
import { printable } from "../base/printable.ts";
import { lordAddressesIn } from "../node/configuration.ts";
import { NoNode } from "../node/control_client.ts";
import { AccountGuard } from "../move/account_guard.ts";
import { type Verdict, verdictOf, verdictWithout } from "../status/verdict.ts";
import type { Stats } from "../status/report.ts";
import { documentOf } from "../status/document.ts";
import { statsTable } from "../status/table.ts";
import { plain, type TableStyle } from "../status/table_style.ts";
import { askStatus, statusOptionsHelp } from "./ask_status.ts";
import { isOfConfig } from "./choose_node.ts";
import type { Command } from "./command.ts";
import { configHere } from "./config_here.ts";
import { defaultConfig } from "./default_config.ts";
import { exitStatus } from "./exit_status.ts";
import { lookedUp } from "./_look_up.ts";
import { noAnswerText } from "./no_answer_text.ts";
import { expectNothing, type ParsedOptions, parseOptions } from "./options.ts";
import { draw, printed, printErrorLine, printLine, printStyled } from "./print.ts";
import { onScreen, outputColumns } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** `failover status` */
export const command: Command = {
  help: `failover status [OPTIONS]

Shows how the node on this machine sees its legions: what is wrong first, each
with the topic that says what to do (failover help TOPIC), then who is lord (*)
and why, a row for each node (> is this one), and where the failover addresses
were last seen. The node is found without its configuration; its user's group
may ask. Where several run here, the options say which is meant.

${statusOptionsHelp}  --robot                  also ask the providers where the addresses point: of
                           the 100 questions an hour that all nodes share
  --json                   all there is, as JSON
  --schema                 the JSON schema of that; no node is asked
  --watch                  draw it again each second, until Ctrl-C
  --check                  one line and an exit status, for cron and monitoring
  --quiet                  with --check: nothing when all is well

Examples:
  failover status
  failover status --watch
  failover status --check --quiet || mail -s failover root

Exit status: 0 done; 1 no node answers, or no right to ask; 2 wrong usage, or
several run here. With --check: 0 OK; 1 warning; 2 critical, or no node answers;
3 unknown, such as no right to ask, or wrong usage.
`,
  async run(args) {
    try {
      return await run(args);
    } catch (error) {
      // Monitoring takes 2, which is said of wrong usage elsewhere, for critical.
      if (!(error instanceof UsageError) || !args.includes("--check")) throw error;
      const { exitStatus, line } = unknown(error);
      printLine(line);
      return exitStatus;
    }
  },
};

async function run(args: readonly string[]): Promise<number> {
  const options = parseOptions(args, command.help);
  expectNothing(options.rest);
  if (options.flag("robot") && (options.flag("watch") || options.flag("check"))) {
    throw new UsageError("--robot goes with neither --watch nor --check: questions are counted");
  }
  const [form, other] = ["check", "watch", "json", "schema"].filter((name) => options.flag(name));
  if (other !== undefined) throw new UsageError(`--${form} does not go with --${other}`);
  if (options.flag("quiet") && form !== "check") throw new UsageError("--quiet needs --check");
  if (options.flag("schema")) return await printSchema();
  if (options.flag("check")) return await check(options);
  if (options.flag("robot") && options.value("stats") !== undefined) {
    throw new UsageError("--robot takes the credentials from --config, not with --stats");
  }
  try {
    if (options.flag("watch")) return await watch(options);
    const asked = await askStatus(options, (words) => printErrorLine(`note: ${words}`));
    const stats = options.flag("robot") ? await askProviders(asked, options) : asked;
    const isTold = options.flag("json")
      ? printLine(JSON.stringify(documentOf(stats)))
      : printStyled(statsTable(stats, style()));
    return isTold ? exitStatus.done : exitStatus.failed;
  } catch (error) {
    if (!(error instanceof NoNode)) throw error;
    printErrorLine(`failover status: ${noAnswerText(error)}`);
    return exitStatus.failed;
  }
}

async function printSchema(): Promise<number> {
  const { default: schema } = await import("../status/schema.json", { with: { type: "json" } });
  return printed(`${JSON.stringify(schema, undefined, 2)}\n`);
}

/** The same stats, in which the providers have been asked now where the addresses point. */
async function askProviders(stats: Stats, options: ParsedOptions): Promise<Stats> {
  const { config, trouble } = configHere(options.value("config") ?? defaultConfig);
  if (config === undefined || !isOfConfig(stats.legions, config.legions)) {
    const why = trouble || `${config?.file} is the configuration of another node`;
    throw new UsageError(`--robot takes the credentials from the configuration: ${why}`);
  }
  const guard = new AccountGuard();
  const configured = lordAddressesIn(config);
  const legions = await Promise.all(stats.legions.map(async (legion) => {
    const own = configured.filter((found) => found.legion.name === legion.legion);
    const addresses = await Promise.all(own.map(({ address }) => lookedUp(address, guard)));
    return { ...legion, addresses };
  }));
  return { ...stats, legions };
}

async function check(options: ParsedOptions): Promise<number> {
  const { exitStatus, line } = await verdict(options);
  if (exitStatus !== 0 || !options.flag("quiet")) printLine(line);
  return exitStatus;
}

async function verdict(options: ParsedOptions): Promise<Verdict> {
  try {
    return verdictOf(await askStatus(options));
  } catch (error) {
    if (error instanceof NoNode) {
      return verdictWithout(error.isForbidden ? "UNKNOWN" : "CRITICAL", error.message);
    }
    if (error instanceof UsageError) return unknown(error);
    throw error;
  }
}

function unknown({ message, hints }: UsageError): Verdict {
  return verdictWithout("UNKNOWN", [message, ...hints.map((hint) => hint.trim())].join("; "));
}

async function watch(options: ParsedOptions): Promise<number> {
  const stopped = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGINT", stopped.resolve);
  try {
    for (let on = true; on;) {
      const text = await askStatus(options).then((stats) => statsTable(stats, style()), told);
      const isScreen = Deno.stdout.isTerminal();
      const drawn = draw(
        isScreen ? `\u001b[H\u001b[J${onScreen(text, Deno.consoleSize())}` : text,
      );
      if (drawn !== "written") return drawn === "failed" ? exitStatus.failed : exitStatus.done;
      on = await Promise.race([stopped.promise.then(() => false), nextSecond()]);
    }
    return exitStatus.done;
  } finally {
    Deno.removeSignalListener("SIGINT", stopped.resolve);
  }
}

function nextSecond(): Promise<boolean> {
  return new Promise((resolve) => setTimeout(() => resolve(true), 1000));
}

function told(error: Error): string {
  if (error instanceof UsageError) throw error;
  return `${printable(error.message)}\n`;
}

/** The style for what standard output is. */
function style(): TableStyle {
  if (!Deno.stdout.isTerminal()) return plain;
  const width = outputColumns();
  if (Deno.noColor) return { ...plain, width };
  return { bold, good: green, warning: yellow, critical: red, width };
}
