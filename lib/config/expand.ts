import { Invalid } from "../base/invalid.ts";

/**
 * Where references get their values from; undefined: there is none. `written` is the reference as
 * the file has it, for messages: the name may hold what an inner one was replaced with, a secret.
 */
export interface References {
  /** `%(name)`: an earlier option or placeholder. */
  readonly option: (name: string, written: string) => string | undefined;
  /** `$(NAME)`: an environment variable. */
  readonly env: (name: string, written: string) => string | undefined;
  /** `@(path)`: the content of a file. */
  readonly file: (path: string, written: string) => string | undefined;
}

// Deeper ones are no configuration that anybody wrote.
const maxDepth = 10;

// Placeholders that each hold the one above twice double with every line.
const maxLength = 1024 * 1024;

/** A value with its references replaced. */
export interface Expanded {
  readonly value: string;
  /** Those that have no value and were left as they stand, such as `$(HOME)`. */
  readonly unresolved: readonly string[];
}

/**
 * Replaces the references in a value (PROTOCOL.md, "INI dialect"). They may stand in each
 * other: the inner one is replaced first, and where it has no value the outer one stays too. What
 * they are replaced with is not looked at again. One end of line at the end of a file is left out.
 *
 * @throws Invalid when the references bring in more than 1,048,576 characters
 */
export function expand(value: string, references: References): Expanded {
  const unresolved: string[] = [];
  let length = 0;

  const resolve = (sigil: string, name: string, written: string): string => {
    const found = sigil === "%"
      ? references.option(name, written)
      : sigil === "$"
      ? references.env(name, written)
      : references.file(name, written)?.replace(/\r?\n$/, "");
    if (found === undefined) unresolved.push(written);
    else length += found.length;
    if (length > maxLength) throw new Invalid("the references bring in more than 1 MiB");
    return found ?? `${sigil}(${name})`;
  };

  // Replaces from `at` to the end, or in a reference to its closing parenthesis.
  const scan = (at: number, depth: number): { text: string; end: number; closed: boolean } => {
    let text = "";
    while (at < value.length) {
      if (depth > 0 && value[at] === ")") return { text, end: at + 1, closed: true };
      if (depth < maxDepth && "%$@".includes(value[at]) && value[at + 1] === "(") {
        const before = unresolved.length;
        const inner = scan(at + 2, depth + 1);
        const whole = inner.closed && unresolved.length === before;
        text += whole
          ? resolve(value[at], inner.text, value.slice(at, inner.end))
          : `${value.slice(at, at + 2)}${inner.text}${inner.closed ? ")" : ""}`;
        at = inner.end;
      } else {
        text += value[at++];
      }
    }
    return { text, end: at, closed: false };
  };

  return { value: scan(0, 0).text, unresolved };
}
