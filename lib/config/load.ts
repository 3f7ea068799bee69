import type { Config } from "./config.ts";
import { ConfigError } from "./config_error.ts";
import { parseIni } from "./ini.ts";
import { readOptions } from "./legion_options.ts";
import type { ConfigSources } from "./_lines.ts";

export type { ConfigSources };

const defaultSection = "uwsgi";
const maxBytes = 1024 * 1024;

/** The process's environment and the machine's files. */
export const systemSources: ConfigSources = {
  env: (name) => Deno.env.get(name),
  readFile: readText,
  isPublic: (path) => ((Deno.statSync(path).mode ?? 0) & 0o004) !== 0,
  localHosts: () => Deno.networkInterfaces().map(({ address }) => address),
};

/**
 * Reads a configuration.
 *
 * @param spec `FILE[:SECTION]`, the section `uwsgi` when it is left out
 * @throws ConfigError with all that is wrong with it
 *
 * @example
 * ```ts
 * const config = loadConfig("/etc/failover.ini:server-1");
 * ```
 */
export function loadConfig(spec: string, sources: ConfigSources = systemSources): Config {
  const { file, section } = split(spec);
  const lines = parseIni(read(file, sources), file);
  const there = [...new Set(lines.map(({ section }) => section))].filter((name) => name !== "");
  if (!there.includes(section)) {
    const sections = there.length === 0 ? "none" : there.map((name) => `[${name}]`).join(", ");
    const message = `no options in section [${section}]; sections with options: ${sections}`;
    throw new ConfigError([{ file, message }]);
  }
  const ours = lines.filter((line) => line.section === section);
  return readOptions(ours, { file, section, sources });
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
    const message = error instanceof Error ? error.message : `${error}`;
    throw new ConfigError([{ file, message }]);
  }
}

function readText(path: string): string {
  const bytes = readBytes(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8 text");
  }
}

function readBytes(path: string): Uint8Array {
  try {
    // A file that has no end, such as a device, must not fill the memory.
    using file = Deno.openSync(path);
    const buffer = new Uint8Array(maxBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const read = file.readSync(buffer.subarray(length));
      if (read === null) return buffer.subarray(0, length);
      length += read;
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error("there is no such file");
    if (error instanceof Deno.errors.PermissionDenied) throw new Error("it may not be read");
    if (error instanceof Deno.errors.IsADirectory) throw new Error("it is a folder, not a file");
    // The system's own message holds the path, which in an @(…) may have come from anywhere.
    throw new Error(`it cannot be read (${error instanceof Error ? error.name : error})`);
  }
  throw new Error("it is larger than 1 MiB");
}
