// The help of a subcommand is the one place where its options stand: what is parsed, and what a
// shell completes, is read from it. The form of its lines is described at `helpOptions`.

/** An option as a help text has it. */
export interface HelpOption {
  /** Without its dashes. */
  readonly name: string;
  /** The word for its value, such as `FILE` or `text|json`; undefined: it takes none. */
  readonly value?: string;
  /** The values there are, where it takes one of a few. */
  readonly choices: readonly string[];
  /** What it is for, in one line. */
  readonly summary: string;
}

/** The options that a subcommand knows, without their dashes. */
export interface KnownOptions {
  /** Those with a value. */
  readonly string: readonly string[];
  /** Those without. */
  readonly boolean: readonly string[];
}

/**
 * The options in a help text. Each begins a line, after two spaces: `--name` or `--name VALUE`, then
 * at least two spaces and what it is for, which may go on in lines that are indented further.
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

/** The names of the options in a help text, as they are to be parsed. */
export function knownOptions(help: string): KnownOptions {
  const options = helpOptions(help);
  return {
    string: options.filter(({ value }) => value !== undefined).map(({ name }) => name),
    boolean: options.filter(({ value }) => value === undefined).map(({ name }) => name),
  };
}

/**
 * The words that may stand behind a subcommand besides options, by the first line of its help:
 * `bash|zsh` are two words, and `COMMAND` or `[COMMAND|TOPIC]` stand for all words of these kinds.
 *
 * @param kinds The words of each kind: all subcommands as `COMMAND`, say
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
