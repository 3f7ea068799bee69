import { Invalid } from "../base/invalid.ts";

/**
 * The sources of the values of references; undefined: there is no such value. `written` is the
 * reference as the file has it, for messages: the name itself may hold the value of an inner
 * reference, which may be a secret.
 */
export interface References {
  /** `%(name)`: an earlier option or placeholder. */
  readonly option: (name: string, written: string, extent: Extent) => string | undefined;
  /** `$(NAME)`: an environment variable. */
  readonly env: (name: string, written: string) => string | undefined;
  /** `@(path)`: the content of a file. */
  readonly file: (path: string, written: string, extent: Extent) => string | undefined;
}

/**
 * How much of its line's value a reference makes up: `all` of it; the whole value of a `key`, where
 * the line is a keyval list; or a `part`.
 */
export type Extent = "all" | "key" | "part";

// The depth to which references may stand in each other; nobody writes a deeper one.
const maxDepth = 10;

// The most characters that references may bring in: a chain of placeholders, each holding the one
// above twice, doubles with every line.
const maxLength = 1024 * 1024;

/** A value with its references replaced. */
export interface Expanded {
  /** The value. */
  readonly value: string;
  /** The references that have no value and were left as they stand, such as `$(HOME)`. */
  readonly unresolved: readonly string[];
}

/**
 * Replaces the references in a value (PROTOCOL.md, "INI dialect"). References may stand in each
 * other: the inner one is replaced first, and where it has no value the outer one stays too. The
 * text that replaces a reference is not expanded again. An end of line at a file's end is left out.
 *
 * @throws Invalid when the references bring in more than 1,048,576 characters
 */
export function expand(value: string, references: References): Expanded {
  const unresolved: string[] = [];
  let length = 0;

  const resolve = (sigil: string, name: string, at: number, end: number): string => {
    const written = value.slice(at, end);
    const found = sigil === "%"
      ? references.option(name, written, extentOf(value, at, end))
      : sigil === "$"
      ? references.env(name, written)
      : references.file(name, written, extentOf(value, at, end))?.replace(/\r?\n$/, "");
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
          ? resolve(value[at], inner.text, at, inner.end)
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

function extentOf(value: string, at: number, end: number): Extent {
  if (at === 0 && end === value.length) return "all";
  if (end < value.length && value[end] !== ",") return "part";
  return /(?:^|[,:])\w+=$/.test(value.slice(Math.max(0, at - longestKey), at)) ? "key" : "part";
}

const longestKey = 64;
