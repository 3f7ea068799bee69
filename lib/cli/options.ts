import { parseArgs } from "@std/cli/parse-args";
import { knownOptions } from "./help_text.ts";
import { didYouMean } from "./nearest.ts";
import { wordShown } from "./quoted.ts";
import { UsageError } from "./usage_error.ts";

/** A command line, parsed. */
export interface ParsedOptions {
  /** The value of an option; undefined when not given. */
  value(name: string): string | undefined;
  /** Whether an option without a value was given. */
  flag(name: string): boolean;
  /** The words that are no options, in their order. */
  readonly rest: readonly string[];
}

/**
 * Refuses words besides options, for a subcommand that takes none.
 *
 * @throws UsageError when there is a word
 */
export function expectNothing(rest: readonly string[]): void {
  if (rest.length > 0) throw new UsageError(`what is ${wordShown(rest[0])}?`);
}

/**
 * Parses the arguments of a subcommand, `--name value` or `--name=value`. `--help` is always known.
 *
 * @param help the subcommand's help, which lists the options that are known
 * @throws UsageError on an unknown option (naming the nearest one), a missing value, or a value
 * where none is taken
 */
export function parseOptions(args: readonly string[], help: string): ParsedOptions {
  const known = knownOptions(help);
  const string = known.string;
  const boolean = [...known.boolean, "help"];
  const valued = boolean.find((name) => args.some((arg) => arg.startsWith(`--${name}=`)));
  if (valued !== undefined) throw new UsageError(`--${valued} takes no value`);
  const parsed = parseArgs(withDashes(args, string), {
    string,
    boolean,
    collect: string,
    alias: { help: "h" },
    unknown(option, key) {
      if (key === undefined) return;
      const [written] = option.split("=");
      const meant = didYouMean(written.replace(/^-+/, ""), [...string, ...boolean], "--");
      throw new UsageError(`there is no option ${written}${meant}`);
    },
  });
  const values = (name: string) => parsed[name] as string[] | undefined ?? [];
  for (const name of string) {
    if (values(name).length > 1) throw new UsageError(`--${name} may be given once`);
    if (values(name).includes("")) throw new UsageError(`--${name} needs a value`);
  }
  return {
    value(name) {
      mustBeKnown(name, string);
      return values(name)[0];
    },
    flag(name) {
      mustBeKnown(name, boolean);
      return parsed[name] === true;
    },
    rest: parsed._.map(String),
  };
}

function mustBeKnown(name: string, names: readonly string[]): void {
  if (!names.includes(name)) throw new Error(`the help has no option --${name} of this kind`);
}

/**
 * Joins a lone `-`, which means standard input, and a negative number to the option before it, where
 * that takes a value: the parser would take them for options of their own.
 *
 * @param valued the names of the options that take a value
 */
function withDashes(args: readonly string[], valued: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    const isValue = /^-(?:$|\.?[0-9])/.test(arg) && valued.some((name) => last === `--${name}`);
    if (isValue) joined.splice(-1, 1, `${last}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}
