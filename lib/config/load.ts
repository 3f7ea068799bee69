import { readFile } from "../base/read_file.ts";
import { isDescriptor, readGiven } from "../base/read_given.ts";
import { utf8Text } from "../base/utf8_text.ts";
import { parseAddress } from "./address.ts";
import type { Config, LegionConfig } from "./config.ts";
import type { FileSection } from "./_files.ts";
import type { ActionKinds } from "./hook.ts";
import { linesOf } from "./_inherited.ts";
import { readOptions } from "./read_options.ts";
import type { ConfigSources } from "./sources.ts";
import { thisMachine } from "./this_machine.ts";

export type { ConfigSources };

/** The process's environment and the machine's files. */
export const systemSources: ConfigSources = {
  env: variable,
  readFile: (path) => utf8Text(readGiven(path)),
  isPublic,
  localHosts: () => Deno.networkInterfaces().map(({ address }) => address),
  machine: thisMachine,
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
  return readOptions(split(spec), { sources, kinds });
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
  try {
    const { lines } = linesOf(split(spec), { sources });
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

function split(spec: string): FileSection {
  const match = /^(.+):([^:/]+)$/s.exec(spec);
  if (match === null || exists(spec)) return { file: spec };
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

/** A variable of the environment; text that none can be named by, such as a command, names none. */
function variable(name: string): string | undefined {
  return name === "" || /[=\0]/.test(name) ? undefined : Deno.env.get(name);
}

function isPublic(path: string): boolean {
  try {
    return !isDescriptor(path) && ((Deno.statSync(path).mode ?? 0) & 0o004) !== 0;
  } catch {
    // Gone since it was read.
    return false;
  }
}
