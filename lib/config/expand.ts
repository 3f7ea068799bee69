/** Where references get their values from; undefined: there is none. */
export interface References {
  /** `%(name)`: an earlier option or placeholder. */
  readonly option: (name: string) => string | undefined;
  /** `$(NAME)`: an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** `@(path)`: the content of a file. */
  readonly file: (path: string) => string | undefined;
}

// Deeper ones are no configuration that anybody wrote.
const maxDepth = 10;

/** A value with its references replaced. */
export interface Expanded {
  readonly value: string;
  /** Those that have no value and were left as they stand, such as `$(HOME)`. */
  readonly unresolved: readonly string[];
  /** Something came from the environment or a file: it may be secret. */
  readonly foreign: boolean;
}

/**
 * Replaces the references in a value (legion-protocol, "INI dialect"). They may stand in each
 * other: the inner one is replaced first. What they are replaced with is not looked at again. One
 * end of line at the end of a file is left out.
 */
export function expand(value: string, references: References): Expanded {
  const unresolved: string[] = [];
  let foreign = false;

  const resolve = (sigil: string, name: string): string => {
    const found = sigil === "%"
      ? references.option(name)
      : sigil === "$"
      ? references.env(name)
      : references.file(name)?.replace(/\r?\n$/, "");
    if (found === undefined) unresolved.push(`${sigil}(${name})`);
    else if (sigil !== "%") foreign = true;
    return found ?? `${sigil}(${name})`;
  };

  // Replaces from `at` to the end, or in a reference to its closing parenthesis.
  const scan = (at: number, depth: number): { text: string; end: number; closed: boolean } => {
    let text = "";
    while (at < value.length) {
      if (depth > 0 && value[at] === ")") return { text, end: at + 1, closed: true };
      if (depth < maxDepth && "%$@".includes(value[at]) && value[at + 1] === "(") {
        const inner = scan(at + 2, depth + 1);
        text += inner.closed
          ? resolve(value[at], inner.text)
          : value.slice(at, at + 2) + inner.text;
        at = inner.end;
      } else {
        text += value[at++];
      }
    }
    return { text, end: at, closed: false };
  };

  return { value: scan(0, 0).text, unresolved, foreign };
}
