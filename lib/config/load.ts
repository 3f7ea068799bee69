import { errorMessage } from "../base/error_message.ts";
import { readFile } from "../base/read_file.ts";
import { isDescriptor, readGiven } from "../base/read_given.ts";
import { utf8Text } from "../base/utf8_text.ts";
import { parseAddress } from "./address.ts";
import type { Config, LegionConfig } from "./config.ts";
import { ConfigError } from "./config_error.ts";
import type { ActionKinds } from "./hook.ts";
import { type IniLine, parseIni } from "./ini.ts";
import { readOptions } from "./read_options.ts";
import { type ConfigSources, expandLines } from "./_lines.ts";

export type { ConfigSources };

const defaultSection = "uwsgi";

/** The process's environment and the machine's files. */
export const systemSources: ConfigSources = {
  env: (name) => Deno.env.get(name),
  readFile: (path) => utf8Text(readGiven(path)),
  isPublic,
  localHosts: () => Deno.networkInterfaces().map(({ address }) => address),
};

/**
 * The same sources for a node that runs, without pipes: a pipe cannot be read a second time, and
 * may keep the node waiting.
 */
export const reloadSources: ConfigSources = {
  ...systemSources,
  readFile(path) {
    if (!isDescriptor(path)) return utf8Text(readFile(path));
    throw new Error("it was handed over at the start, and cannot be read a second time");
  },
};

/** The means of reading a configuration. */
export interface LoadOptions {
  /** The kinds of actions that hooks may have. */
  readonly kinds: ActionKinds;
  /** The sources of all that the file refers to; by default the process and the machine. */
  readonly sources?: ConfigSources;
}

/**
 * Reads a configuration.
 *
 * @param spec `FILE[:SECTION]`, the section `uwsgi` when it is left out
 * @throws ConfigError with all that is wrong with it
 *
 * @example
 * ```ts
 * const config = loadConfig("/etc/failover.ini:server-1", { kinds });
 * ```
 */
export function loadConfig(
  spec: string,
  { kinds, sources = systemSources }: LoadOptions,
): Config {
  const { file, section } = split(spec);
  const ours = linesOf(file, section, sources);
  return readOptions(ours, { file, section, sources, kinds });
}

/** A legion that a configuration names, with the address of its own node. */
export type NamedLegion = Pick<LegionConfig, "name" | "address">;

/**
 * The legions of a configuration, also where something else in it is wrong. Never throws: where the
 * file cannot be read, or does not tell, there are none.
 *
 * @param spec `FILE[:SECTION]`, as for {@link loadConfig}
 */
export function namedLegions(
  spec: string,
  sources: ConfigSources = systemSources,
): NamedLegion[] {
  const { file, section } = split(spec);
  try {
    const { lines } = expandLines(linesOf(file, section, sources), sources);
    return lines.filter(({ key }) => key === "legion" || key === "legion-mcast").flatMap(named);
  } catch {
    return [];
  }
}

function named({ value }: { value: string }): NamedLegion[] {
  const [name, at = ""] = value.split(/\s+/);
  try {
    return [{ name, address: parseAddress(at) }];
  } catch {
    return [];
  }
}

/** @throws ConfigError where there are none */
function linesOf(file: string, section: string, sources: ConfigSources): IniLine[] {
  const lines = parseIni(read(file, sources), file);
  const there = [...new Set(lines.map(({ section }) => section))].filter((name) => name !== "");
  if (!there.includes(section)) {
    const sections = there.length === 0 ? "none" : there.map((name) => `[${name}]`).join(", ");
    const message = `no options in section [${section}]; sections with options: ${sections}`;
    throw new ConfigError([{ file, message }]);
  }
  return lines.filter((line) => line.section === section);
}

function split(spec: string): { file: string; section: string } {
  const match = /^(.+):([^:/]+)$/s.exec(spec);
  if (match === null || exists(spec)) return { file: spec, section: defaultSection };
  return { file: match[1], section: match[2] };
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function read(file: string, { readFile }: ConfigSources): string {
  try {
    return readFile(file);
  } catch (error) {
    const message = errorMessage(error);
    throw new ConfigError([{ file, message }]);
  }
}

function isPublic(path: string): boolean {
  try {
    return !isDescriptor(path) && ((Deno.statSync(path).mode ?? 0) & 0o004) !== 0;
  } catch {
    // Gone since it was read.
    return false;
  }
}
