import { resolve } from "node:path";
import { hanging } from "../../base/wrap.ts";
import { formatAddress } from "../../config/address.ts";
import { majorityOf } from "../../config/voters.ts";
import { systemSources } from "../../config/load.ts";
import { thereAlready } from "./_again.ts";
import { askSecret, askWhether, canAsk } from "./_ask.ts";
import { cloudInit } from "./_cloud.ts";
import type { Command } from "../command.ts";
import { defaultConfig } from "../default_config.ts";
import { exitStatus } from "../exit_status.ts";
import { alreadyThere, isThere, makeAll, type NewFile, newSecret, tried } from "./_files.ts";
import { nextSteps } from "./_next.ts";
import { knownOptions } from "../help_text.ts";
import { planOf } from "./_options.ts";
import { giveTo, nodeOwner } from "./_owner.ts";
import { type InitPlan, nodesOf } from "./_plan.ts";
import type { InitProvider } from "./_provider.ts";
import { robotInit } from "./_robot.ts";
import { outputColumns } from "../terminal.ts";
import { summary } from "./_summary.ts";
import { configurationText } from "./_text.ts";
import { expectNothing, type ParsedOptions, parseOptions } from "../options.ts";
import { print, printed, printErrorLine } from "../print.ts";
import { isPackaged, ownExecutable } from "../self.ts";
import { unwise } from "./_unwise.ts";
import { UsageError } from "../usage_error.ts";

/** The folders of units: the administrator's, and the packages'. */
const unitFolders = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

/** `failover init` */
export const command: Command = {
  help: `failover init [OPTIONS]

Writes the configuration of this server, one of those that share a failover
address, with a comment for each option, and says what to do next. On a terminal
it asks for missing values, shows what it would write, and asks whether that is
right. No file is overwritten: where there is a configuration, it says whether
that is right, and what to type next. The new files can be read only by the user
who runs this, or, where root runs it and there is a user failover, by that one;
a secret or password that only root may read is given to that user, too.

  --addresses LIST         the own addresses of the servers that may have the
                           failover address, with commas; the first is
                           preferred; the same list at each server
  --me ADDRESS             the one that is this server (the one that this
                           machine has)
  --ip ADDRESS             the failover address that they share; of a subnet its
                           net address
  --hcloud                 it is a floating IP of the Hetzner Cloud, and the
                           servers are there, too
  --token-file FILE        with --hcloud: the file with the token of the Cloud's
                           project, which may read and write (beside the
                           configuration, .token)
  --user NAME              the user of the Robot's webservice
  --password-file FILE     the file whose first line is that user's password
                           (beside the configuration, .password)
  --secret-file FILE       the file with the legion's secret, the same at each
                           server (beside the configuration, .secret; made if it
                           is not there)
  --arbiters LIST          further nodes, which vote and never have the address
  --active-ip ADDRESS      this server's main address, to which the Robot
                           routes, if it is not --me; for a subnet the net
                           address of its main IPv6 subnet (that of --me)
  --nat                    this machine does not have --me itself: another one
                           forwards to it (NAT)
  --name LEGION            the legion's name (failover)
  --port PORT              the UDP port of all nodes (2000)
  --valor NUMBER           this server's rank (9999 for the first, 9998 for the
                           second, …)
  --uwsgi                  nodes of uWSGI are in the legion: neither lease nor
                           authentication
  --config FILE            what to write (${defaultConfig})
  --yes                    on a terminal: write without showing what and asking

Examples:
  failover init
  failover init --addresses 1.1.1.1,2.2.2.2,3.3.3.3 --ip 4.4.4.4 --user FOO
  failover init --hcloud --addresses 10.0.0.1,10.0.0.2,10.0.0.3 --ip 4.4.4.4
  failover init --addresses 10.0.0.1,10.0.0.2 --arbiters 10.0.0.9 --me 10.0.0.9

Exit status: 0 done, or it is there already and right, and no option says what
to write; 1 a file cannot be written, or the answer was no; 2 wrong usage, or
the file is there already. At 1 and 2 nothing was written.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const provider = options.flag("hcloud") ? cloudInit : robotInit;
    const paths = pathsOf(options, provider);
    if (isThere(paths.config)) return again(options, paths.config);
    const plan = planOf(options, {
      canAsk: canAsk(),
      localHosts: localHosts(),
      secretFile: paths.secret,
      provider,
      keyFile: paths.key,
    });
    const files = [
      ...secretFile(plan, options),
      ...keyFile(plan),
      { path: paths.config, text: configurationText(plan) },
    ];
    const used = usedFiles(plan);
    const warnings = [...tried(paths.config, files).warnings, ...unwise(plan, localHosts())];
    const warn = () => warnings.forEach((warning) => printErrorLine(`warning: ${warning}`));
    const asks = canAsk() && !options.flag("yes");
    if (asks) {
      print(`\n${summary(plan, { files, used, columns: outputColumns() })}\n`);
      warn();
      if (!askWhether("Write this?")) {
        printErrorLine("nothing was written");
        return exitStatus.failed;
      }
    }
    const owner = await nodeOwner();
    makeAll(files, owner);
    const given = owner === undefined ? [] : giveTo(owner, used);
    print(told(plan, { files, given }, { options, config: paths.config }));
    if (!asks) warn();
    return exitStatus.done;
  },
};

/**
 * Tells what is there already. An answer, where nothing else was asked for; else a refusal, since what
 * the options say was not done.
 *
 * @throws UsageError
 */
function again(options: ParsedOptions, config: string): number {
  const { isRight, lines } = thereAlready(config, programHere());
  const { string, boolean } = knownOptions(command.help);
  const isAsked = string.some((name) => name !== "config" && options.value(name) !== undefined) ||
    boolean.some((name) => name !== "yes" && options.flag(name));
  if (isAsked || !isRight) throw new UsageError(alreadyThere(config), lines);
  const columns = outputColumns();
  const text = [`${alreadyThere(config)}. It is right:`, "", ...lines, ""];
  return printed(text.map((line) => hanging(line, columns, 2)).join("\n"));
}

/** The word that runs this program. */
function programHere(): string {
  return isPackaged() ? "failover" : ownExecutable() ?? "failover";
}

/** The addresses of this machine; none where the system does not tell them: --me says it then. */
function localHosts(): readonly string[] {
  try {
    return systemSources.localHosts();
  } catch {
    return [];
  }
}

/** The files' paths, absolute since a node may run in another folder. */
function pathsOf(options: ParsedOptions, { keyFile }: InitProvider) {
  const config = path(options, "config", defaultConfig);
  const stem = config.replace(/\.ini$/, "");
  return {
    config,
    secret: path(options, "secret-file", `${stem}.secret`),
    key: path(options, keyFile.option, `${stem}${keyFile.ending}`),
  };
}

function path(options: ParsedOptions, name: string, usual: string): string {
  const found = resolve(options.value(name) ?? usual);
  // The path is written into a reference of the configuration, @(FILE).
  if (!/[()\r\n]/.test(found)) return found;
  throw new UsageError(`--${name} takes a path without parentheses`);
}

/** The secret's file, where it has to be made. */
function secretFile({ secretFile: path }: InitPlan, options: ParsedOptions): NewFile[] {
  if (isThere(path)) return [];
  // A file that was named but is not there should have been copied: with a new secret this node
  // would not be heard by the others.
  if (options.value("secret-file") !== undefined) {
    throw new UsageError(
      `there is no ${path}: copy it from the server where init has run first; there, leave out ` +
        "--secret-file",
    );
  }
  return [{ path, text: `${newSecret()}\n` }];
}

/** The file of the password or the like, where that can be asked for. */
function keyFile({ provider, failover }: InitPlan): NewFile[] {
  if (failover === undefined || isThere(failover.key.file)) return [];
  const { file: path, title, label } = failover.key;
  if (!canAsk()) {
    throw new UsageError(
      `there is no ${path}: write ${title} into it first, with mode 0600, or give another ` +
        `--${provider.keyFile.option} FILE`,
    );
  }
  const question = `${title}, to be kept in ${path}. It is not shown.\n${label}`;
  const key = askSecret(`${question[0].toUpperCase()}${question.slice(1)}`, (answer) => {
    if (answer !== "") return answer;
    throw new UsageError(`without ${title} no address can be moved`);
  });
  return [{ path, text: `${key}\n` }];
}

/** The files that are there already, and that the configuration refers to. */
function usedFiles({ secretFile, failover }: InitPlan): string[] {
  return [secretFile, ...failover === undefined ? [] : [failover.key.file]].filter(isThere);
}

function told(
  plan: InitPlan,
  { files, given }: { files: readonly NewFile[]; given: readonly string[] },
  { options, config }: { options: ParsedOptions; config: string },
): string {
  const { me, valor } = plan;
  const count = nodesOf(plan).length;
  const same = [plan.provider.keyFile.option, "name", "port", "config"].flatMap((name) => {
    const value = options.value(name);
    if (value === undefined) return [];
    return [`--${name}`, name.endsWith("file") || name === "config" ? resolve(value) : value];
  });
  const copyable = ownExecutable() !== undefined && !isPackaged();
  const next = nextSteps(plan, {
    program: programHere(),
    copyable,
    configFile: config,
    options: [...plan.provider.flags, ...same, ...plan.withUwsgi ? ["--uwsgi"] : []],
    isFollowing: options.value("secret-file") !== undefined,
    hasUnit: config === defaultConfig && unitFolders.some((folder) => {
      return isThere(`${folder}/failover.service`);
    }),
  });
  const what = valor === 0 ? "an arbiter" : `valor ${valor}`;
  const rows = [
    ...files.map(({ path }) => path),
    ...given.map((path) => `${path} (was there, and is the user failover's now)`),
  ];
  return `Written for ${formatAddress(me)}, ${what}, of ${count} nodes with quorum ${
    majorityOf(count)
  }:

${rows.map((row) => `   ${row}\n`).join("")}
Next:

${next}`;
}
