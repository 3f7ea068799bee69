import type { Listen } from "../base/listen.ts";
import { bold, green, red, yellow } from "@std/fmt/colors";
import { printable } from "../base/printable.ts";
import { formatAddress, parseAddress } from "../config/address.ts";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config_error.ts";
import { statsOf } from "../config/default_stats.ts";
import { addressesIn, readConfiguration } from "../node/configuration.ts";
import { AccountGuard } from "../move/account_guard.ts";
import { type Verdict, verdictOf, verdictWithout } from "../status/verdict.ts";
import { askStats } from "../status/client.ts";
import type { Stats } from "../status/report.ts";
import { statsTable } from "../status/table.ts";
import { plain, type TableStyle } from "../status/table_style.ts";
import type { Command } from "./command.ts";
import { defaultConfig } from "./default_config.ts";
import { exitStatus } from "./exit_status.ts";
import { lookedUp } from "./_look_up.ts";
import { expectNothing, type ParsedOptions, parseOptions } from "./options.ts";
import { printErrorLine, printLine, printStyled } from "./print.ts";
import { UsageError } from "./usage_error.ts";

/** `failover status` */
export const command: Command = {
  help: `failover status [OPTIONS]

Shows how the node on this machine sees its legions: what is wrong first, who is lord (*) and why,
the members, where the failover addresses were last seen.

  --config FILE[:SECTION]  ask the node of this configuration (${defaultConfig})
  --stats ADDRESS          ask there: host:port, or the path of a socket
  --http                   with --stats: it answers as HTTP (stats-http)
  --robot                  also ask the Robot where the addresses point; each counts for the quota
                           of 100 questions an hour that all nodes share
  --json                   all there is, as JSON
  --watch                  draw it again each second, until Ctrl-C
  --check                  one line and an exit status, for cron and monitoring
  --quiet                  with --check: nothing when all is well

Examples:
  failover status
  failover status --watch
  failover status --check --quiet || mail -s failover root

Exit status: 0 done; 1 no node answers; 2 wrong usage or configuration. With --check: 0 OK;
1 warning; 2 critical, or no node answers; 3 unknown.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    if (options.flag("robot") && (options.flag("watch") || options.flag("check"))) {
      throw new UsageError("--robot goes with neither --watch nor --check: questions are counted");
    }
    if (options.flag("check")) return await check(options);
    const place = placeOf(options);
    if (options.flag("robot") && place.config === undefined) {
      throw new UsageError("--robot takes the credentials from --config, not with --stats");
    }
    try {
      if (options.flag("watch")) return await watch(place);
      const asked = await ask(place);
      const stats = options.flag("robot") ? await askProviders(asked, place.config!) : asked;
      const isTold = options.flag("json")
        ? printLine(JSON.stringify(stats))
        : printStyled(statsTable(stats, style()));
      return isTold ? exitStatus.done : exitStatus.failed;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      printErrorLine(`failover status: ${error.message}`);
      return exitStatus.failed;
    }
  },
};

/** The place to ask a node for its stats. */
interface Place {
  readonly listen: Listen;
  readonly http: boolean;
  /** The configuration that gives the place; undefined with `--stats`. */
  readonly config?: Config;
}

class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

function placeOf(options: ParsedOptions): Place {
  const asked = options.value("stats");
  if (asked !== undefined) return { listen: listenAt(asked), http: options.flag("http") };
  const config = readConfiguration(options.value("config") ?? defaultConfig);
  const listen = statsOf(config, { env: (name) => Deno.env.get(name), uid: Deno.uid() });
  if (listen === undefined) {
    throw new UsageError(`${config.file} has no stats option: give --stats ADDRESS`);
  }
  return { listen, http: config.statsHttp, config };
}

function listenAt(text: string): Listen {
  if (text.includes("/")) return { path: text };
  try {
    return { address: parseAddress(text) };
  } catch (error) {
    throw new UsageError(`--stats: ${(error as Error).message}, or a path with a "/"`);
  }
}

async function ask({ listen, http }: Place): Promise<Stats> {
  try {
    return await askStats(listen, http);
  } catch (error) {
    const at = "path" in listen ? listen.path : formatAddress(listen.address);
    throw new NoAnswer(`no node answers at ${at}: ${(error as Error).message}`);
  }
}

/** The same stats, in which the providers have been asked now where the addresses point. */
async function askProviders(stats: Stats, config: Config): Promise<Stats> {
  const guard = new AccountGuard();
  const configured = addressesIn(config).filter(({ event }) => event === "lord");
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
    return verdictOf(await ask(placeOf(options)));
  } catch (error) {
    if (error instanceof NoAnswer) return verdictWithout("CRITICAL", error.message);
    const unknown = error instanceof ConfigError || error instanceof UsageError;
    if (!unknown) throw error;
    return verdictWithout("UNKNOWN", error.message.replaceAll("\n", "; "));
  }
}

async function watch(place: Place): Promise<number> {
  const stopped = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGINT", stopped.resolve);
  try {
    for (let on = true; on;) {
      const text = await ask(place).then((stats) => statsTable(stats, style()), told);
      printStyled(`${Deno.stdout.isTerminal() ? "\u001b[H\u001b[J" : ""}${text}`);
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
  return `${printable(error.message)}\n`;
}

// A terminal that tells no width, or next to none, gets lines of so many characters.
const narrowest = 40;

/** The style for what standard output is. */
function style(): TableStyle {
  if (!Deno.stdout.isTerminal()) return plain;
  const width = Math.max(Deno.consoleSize().columns, narrowest);
  if (Deno.noColor) return { ...plain, width };
  return { bold, good: green, warning: yellow, critical: red, width };
}
