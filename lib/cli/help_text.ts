// The help of a subcommand is the one place that lists its options: the parser and the shells'
// completions read them from there. `helpOptions` describes the form of its lines.

/** An option of a help text. */
export interface HelpOption {
  /** The name without its dashes. */
  readonly name: string;
  /** The word for its value, such as `FILE` or `text|json`; undefined: without a value. */
  readonly value?: string;
  /** The values of an option that takes one of a few; else empty. */
  readonly choices: readonly string[];
  /** The purpose of the option, in one line. */
  readonly summary: string;
}

/** The options that a subcommand knows, without their dashes. */
export interface KnownOptions {
  /** The options that take a value. */
  readonly string: readonly string[];
  /** The options that take none. */
  readonly boolean: readonly string[];
}

/**
 * The options in a help text. Each begins a line, after two spaces: `--name` or `--name VALUE`, then
 * at least two spaces and its purpose, which may go on in lines that are indented further.
 */
export function helpOptions(help: string): HelpOption[] {
  const form = /^ {2}--([a-z][a-z-]*)(?: (\S+))?(?: {2,}(\S.*))?((?:\n {3,}\S.*)*)$/gm;
  return [...help.matchAll(form)].map(([, name, value, first = "", more]) => ({
    name,
    ...value === undefined ? {} : { value },
    choices: choicesIn(value ?? ""),
    summary: `${first} ${more}`.replaceAll(/\s+/g, " ").trim(),
  }));
}

/** The names of the options in a help text, for the parser. */
export function knownOptions(help: string): KnownOptions {
  const options = helpOptions(help);
  return {
    string: options.filter(({ value }) => value !== undefined).map(({ name }) => name),
    boolean: options.filter(({ value }) => value === undefined).map(({ name }) => name),
  };
}

/**
 * The words that may follow a subcommand besides options, by the first line of its help:
 * `bash|zsh` are two words, and `COMMAND` or `[COMMAND|TOPIC]` stand for all words of these kinds.
 *
 * @param kinds the words of each kind, such as all subcommands as `COMMAND`
 */
export function helpArguments(
  help: string,
  kinds: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const [, , ...parts] = help.slice(0, help.indexOf("\n")).split(" ");
  return parts.flatMap((part) => {
    const words = part.replaceAll(/^\[|\]$/g, "").split("|");
    if (words.every((word) => Object.hasOwn(kinds, word))) {
      return words.flatMap((kind) => kinds[kind]);
    }
    return /^[a-z]+(\|[a-z]+)+$/.test(part) ? words : [];
  });
}

function choicesIn(value: string): string[] {
  return value.includes("|") ? value.split("|") : [];
}
