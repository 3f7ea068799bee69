import { isDescriptor } from "../../base/read_given.ts";
import { NotUtf8 } from "../../base/utf8_text.ts";
import type { Config, LegionConfig } from "../../config/config.ts";
import { ConfigError, type ConfigProblem } from "../../config/config_error.ts";
import { type ConfigSources, systemSources } from "../../config/load.ts";
import { quorumFault, quorumWarning } from "../../config/quorum.ts";
import { readConfiguration } from "../../node/configuration.ts";
import { misplacedWarning, missingHere, routedToOthers } from "../../node/misplaced.ts";
import { quotaWarnings } from "../../node/quota_sums.ts";
import { defaultConfig } from "../default_config.ts";
import { shellWord } from "../quoted.ts";
import { type Answer, note, ok, unknown, wrong } from "./answer.ts";

/** A configuration as far as it can be read from here. */
export interface ReadConfig {
  /** The configuration; undefined: it cannot be used. */
  readonly config?: Config;
  /** All that is wrong with it; empty: it can be used. */
  readonly problems: readonly ConfigProblem[];
  /** The files that it was read from. */
  readonly files: readonly string[];
  /** The files that it needs, and that this user may not read. */
  readonly closed: readonly string[];
  /** The files that systemd hands out while the node runs, read where they are kept. */
  readonly credentials: readonly string[];
}

/**
 * Reads a configuration, and takes note of all files.
 *
 * @param from the sources of all that it refers to
 */
export function readConfigHere(spec: string, from: ConfigSources = systemSources): ReadConfig {
  const files = new Set<string>();
  const closed: string[] = [];
  const credentials: string[] = [];
  const kept = (path: string) => {
    const store = credentialOf(path);
    if (store === undefined) return undefined;
    try {
      const text = from.readFile(store);
      credentials.push(store);
      return text;
    } catch {
      // The first reason counts.
      return undefined;
    }
  };
  const readFile = (path: string) => {
    if (isClosed(path)) closed.push(path);
    try {
      const text = from.readFile(path);
      if (!isDescriptor(path)) files.add(path);
      return text;
    } catch (error) {
      // A configuration in Latin-1 is read all the same.
      if (error instanceof NotUtf8) files.add(path);
      const text = kept(path);
      if (text === undefined) throw error;
      return text;
    }
  };
  const noted = () => ({ files: [...files], closed, credentials });
  try {
    const config = readConfiguration(spec, { ...from, readFile });
    return { config, problems: [], ...noted() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.problems, ...noted() };
  }
}

/** The place where systemd takes a credential of the unit from; undefined: the path is another. */
function credentialOf(path: string): string | undefined {
  const [, name] = /^\/run\/credentials\/[^/]+\.service\/([^/]+)$/.exec(path) ?? [];
  return name === undefined ? undefined : `/etc/credstore/${name}`;
}

function isClosed(path: string): boolean {
  try {
    Deno.openSync(path).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied;
  }
}

const what = "configuration";
const topic = "configuration";

/** Can the configuration be read and used, and is there anything unwise in it? */
export function configurationAnswers(
  { config, problems, closed, credentials }: ReadConfig,
  spec: string,
): Answer[] {
  const handedOut = credentials.map((file) =>
    note("credential", `${file} was read in the place of what systemd hands to the node`)
  );
  if (closed.length > 0) {
    const remedy = asRoot(spec);
    return [
      unknown(what, `you may not read ${closed.join(", ")}`, { remedy, topic }),
      ...handedOut,
    ];
  }
  if (config === undefined) {
    return [...problems.map((problem) => problemAnswer(problem, spec)), ...handedOut];
  }
  const told = [
    ...routedToOthers(config).map(misplacedWarning),
    ...quotaWarnings(config),
    ...quorumWarnings(config),
  ];
  const warnings = config.warnings.filter((warning) => !told.includes(warning));
  const { file, section, legions } = config;
  const names = legions.map(({ name }) => name).join(", ");
  return [
    ok(what, `${file}, section [${section}], is right: ${names}`),
    ...warnings.map((warning) => note(what, warning, { topic })),
    ...legions.map(quorumAnswer),
    ...handedOut,
  ];
}

/** The command that asks the same as root. */
export function asRoot(spec: string): string {
  const config = spec === defaultConfig ? "" : ` --config ${shellWord(spec)}`;
  return `sudo failover doctor${config}`;
}

function problemAnswer({ file, line, option, message }: ConfigProblem, spec: string): Answer {
  const place = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`];
  const why = [...place, ...option === undefined ? [] : [option], message].join(": ");
  const isMissing = line === undefined && message === "there is no such file";
  const remedy = isMissing
    ? "failover init"
    : `failover node --check-config --config ${shellWord(spec)}`;
  return wrong(what, why, { remedy, topic });
}

/** The warnings about quorums, in whose place there is an answer for each legion. */
function quorumWarnings({ legions }: Config): string[] {
  return legions.flatMap((legion) => {
    const fault = quorumFault(legion);
    const { file, line, name } = legion;
    return fault === undefined ? [] : [`${file}:${line}: legion ${name}: ${quorumWarning(fault)}`];
  });
}

/** Is the quorum more than half of the nodes, and can it be met at all? */
function quorumAnswer(legion: LegionConfig): Answer {
  const { name, quorum, voters: { length: count } } = legion;
  const about = `quorum, ${name}`;
  const fault = quorumFault(legion);
  if (fault !== undefined) {
    const { why, right, isNeverMet } = fault;
    return wrong(about, why, { remedy: right, topic: isNeverMet ? "no-quorum" : "legion-quorum" });
  }
  if (count === 0) {
    return note(about, `it is ${quorum}, and no nodes are listed`, { topic: "no-guarantee" });
  }
  return count === 1
    ? ok(about, "this node is alone, and needs no other's vote")
    : ok(about, `${quorum} of ${count} nodes`);
}

/** Are the addresses of the lord hooks where they should be? */
export function addressAnswers(
  config: Config,
  hosts: readonly string[] | undefined,
): Answer[] {
  const missing = hosts === undefined ? [] : missingHere(config, hosts);
  return [...routedToOthers(config), ...missing].map(({ kind, ip, file, line, why, remedy }) => {
    const topic = kind === "nowhere here" ? "address-missing" : "wrong-target";
    return wrong(`address ${ip}`, `${file}:${line}: ${why}`, { remedy, topic });
  });
}
