import { parseArgs } from "@std/cli/parse-args";
import { closestString } from "@std/text/closest-string";
import { UsageError } from "./usage_error.ts";

/** The options that a subcommand knows, without their dashes. */
export interface KnownOptions {
  /** Those with a value. */
  readonly string?: readonly string[];
  /** Those without. */
  readonly boolean?: readonly string[];
}

/** A command line, parsed. */
export interface ParsedOptions {
  /** The value of an option; undefined when it was not given. */
  value(name: string): string | undefined;
  /** Whether an option without a value was given. */
  flag(name: string): boolean;
  /** What is no option, in its order. */
  readonly rest: readonly string[];
}

/** @throws UsageError when there is something left that nobody takes */
export function expectNothing(rest: readonly string[], command: string): void {
  if (rest.length > 0) throw new UsageError(`what is ${rest[0]}? See: failover help ${command}`);
}

/**
 * Parses the arguments of a subcommand, `--name value` or `--name=value`. `--help` is always known.
 *
 * @throws UsageError on an option that is not known (naming the nearest one), a missing value, or a
 * value where none is taken
 */
export function parseOptions(args: readonly string[], known: KnownOptions): ParsedOptions {
  const string = known.string ?? [];
  const boolean = [...known.boolean ?? [], "help"];
  const valued = boolean.find((name) => args.some((arg) => arg.startsWith(`--${name}=`)));
  if (valued !== undefined) throw new UsageError(`--${valued} takes no value`);
  const parsed = parseArgs(withDashes(args), {
    string,
    boolean,
    collect: string,
    alias: { help: "h" },
    unknown(option, key) {
      if (key === undefined) return;
      const names = [...string, ...boolean].map((name) => `--${name}`);
      const nearest = closestString(option, names);
      throw new UsageError(`there is no option ${option.split("=")[0]}; did you mean ${nearest}?`);
    },
  });
  const values = (name: string) => parsed[name] as string[] | undefined ?? [];
  for (const name of string) {
    if (values(name).length > 1) throw new UsageError(`--${name} may be given once`);
    if (values(name).includes("")) throw new UsageError(`--${name} needs a value`);
  }
  return {
    value: (name) => values(name)[0],
    flag: (name) => parsed[name] === true,
    rest: parsed._.map(String),
  };
}

/** The parser takes a lone `-` for an option, not for the value (standard input) before it. */
function withDashes(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    const value = arg === "-" && last?.startsWith("--") && !last.includes("=");
    if (value) joined.splice(-1, 1, `${last}=-`);
    else joined.push(arg);
  }
  return joined;
}
